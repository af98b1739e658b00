using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class DrainPaceTests
{
    private static readonly Gen<ProbeStates> States =
        from total in Gen.Choose(0, DrainPace.ProbesMax)
        from through in Gen.Choose(0, total)
        from late in Gen.Choose(0, total - through)
        from failed in Gen.Choose(0, total - through - late)
        select new ProbeStates(through, total - through - late - failed, late, failed);

    /// <summary>What a drain meets, slice after slice, under one ceiling.</summary>
    private static readonly Arbitrary<Course> Courses = (
        from ceiling in Gen.OneOf(
            Gen.Choose(1, 5_000).Select(each => (double)each),
            Gen.Choose(1, 999).Select(each => each / 1000.0)
        )
        from slices in Gen.Zip(
                States,
                Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            )
            .ArrayOf(60)
        select new Course(ceiling, slices)
    ).ToArbitrary();

    [Fact]
    public void Decide_WhateverBefalls_KeepsWithinTheCeilingAndNeverStopsForGood() =>
        Prop.ForAll(
                Courses,
                course =>
                    Follow(course)
                        .All(step =>
                            step.Decision.Pace.PerSecond > 0
                            && step.Decision.Pace.PerSecond <= course.Ceiling
                            && (
                                step.Decision is not DrainDecision.Rest { For: var rest }
                                || (rest >= DrainPace.RestFirst && rest <= DrainPace.RestMax)
                            )
                        )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Decide_WhileTheEndpointFails_StartsAtMostAFewBetweenTwoRests() =>
        Prop.ForAll(
                Courses,
                course =>
                {
                    DrainDecision? before = null;
                    foreach (var (states, isBroken, decision) in Follow(course))
                    {
                        var fails =
                            isBroken || (states.Failed > 0 && states.Failed * 2 >= states.Total);
                        var good =
                            fails == (decision is not DrainDecision.Go)
                            && (decision is not DrainDecision.Try || before is DrainDecision.Rest);
                        if (!good)
                        {
                            return false;
                        }

                        before = decision;
                    }

                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Decide_MostComesThrough_DoublesUpToTheCeiling()
    {
        var pace = DrainPace.First;
        var course = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            pace = Assert.IsType<DrainDecision.Go>(pace.Decide(new(6, 4, 0, 0), false, 500)).Pace;
            course.Add(pace.PerSecond);
        }

        Assert.Equal([20, 40, 80, 160, 320, 500, 500], course);
    }

    [Fact]
    public void Decide_MostWaits_HalvesDownToTheLeast()
    {
        var pace = new DrainPace(5);
        var course = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            pace = Assert.IsType<DrainDecision.Go>(pace.Decide(new(4, 0, 6, 0), false, 500)).Pace;
            course.Add(pace.PerSecond);
        }

        Assert.Equal([2.5, 1.25, 1, 1], course);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(4, 2, 4)]
    public void Decide_NothingIsClear_GoesOnAsBefore(int through, int young, int late)
    {
        var pace = new DrainPace(40, Rests: 2);
        var decision = pace.Decide(new(through, young, late, 0), false, 500);
        Assert.Equal(new DrainDecision.Go(pace), decision);
    }

    [Fact]
    public void Decide_TheEndpointFailsOnAndOn_RestsLongerEachTimeAndTriesInBetween()
    {
        var pace = new DrainPace(320);
        var rests = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var rest = Assert.IsType<DrainDecision.Rest>(pace.Decide(Failing, false, 500));
            rests.Add(rest.For.TotalSeconds);
            pace = Assert.IsType<DrainDecision.Try>(rest.Pace.Decide(Failing, false, 500)).Pace;
            Assert.Equal(DrainPace.FirstPerSecond, pace.PerSecond);
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 600, 600, 600], rests);
    }

    [Fact]
    public void Decide_TheBreakerIsOpen_RestsWithoutTrying()
    {
        var rest = DrainPace.First.Decide(new(10, 0, 0, 0), isBroken: true, 500);
        Assert.IsType<DrainDecision.Rest>(rest);
        Assert.IsType<DrainDecision.Rest>(rest.Pace.Decide(new(10, 0, 0, 0), true, 500));
        Assert.Equal(
            new DrainDecision.Go(new DrainPace(20)),
            rest.Pace.Decide(new(10, 0, 0, 0), isBroken: false, 500)
        );
    }

    [Theory]
    [InlineData(DeliveryStatus.Delivered, 3, 1, 0, "through")]
    [InlineData(DeliveryStatus.Pending, 3, 0, 15, "young")]
    [InlineData(DeliveryStatus.Pending, 3, 0, 16, "late")]
    [InlineData(DeliveryStatus.Failed, 3, 1, 0, "failed")]
    [InlineData(DeliveryStatus.DeadLetter, 3, 1, 0, "failed")]
    [InlineData(DeliveryStatus.Parked, 3, 0, 99, "")]
    [InlineData(DeliveryStatus.Cancelled, 3, 0, 99, "")]
    [InlineData(DeliveryStatus.Pending, 4, 0, 99, "")]
    public void ProbeStates_OfADelivery_CountsWhatItSays(
        DeliveryStatus status,
        int generation,
        int attempts,
        int seconds,
        string expected
    )
    {
        var probe = new RecoveryProbe(Sample.EventId(1), 3, 0, Sample.Now);
        var delivery = new Delivery
        {
            Key = new DeliveryKey(Sample.Tenant, Sample.EventId(1), Sample.EndpointId(1)),
            Status = status,
            Generation = generation,
            GenerationAttempts = attempts,
            Attempts = attempts,
            UpdatedAt = Sample.Now,
        };

        var states = new ProbeStates().With(probe, delivery, Sample.Now.AddSeconds(seconds));

        var said = states switch
        {
            { Through: 1 } => "through",
            { Young: 1 } => "young",
            { Late: 1 } => "late",
            { Failed: 1 } => "failed",
            _ => "",
        };
        Assert.Equal((expected, expected.Length == 0 ? 0 : 1), (said, states.Total));
    }

    private static ProbeStates Failing => new(5, 0, 0, 5);

    private static IEnumerable<(ProbeStates, bool, DrainDecision Decision)> Follow(Course course)
    {
        var pace = DrainPace.First;
        foreach (var (states, isBroken) in course.Slices)
        {
            var decision = pace.Decide(states, isBroken, course.Ceiling);
            yield return (states, isBroken, decision);
            pace = decision.Pace;
        }
    }

    private sealed record Course(double Ceiling, (ProbeStates, bool)[] Slices);
}
