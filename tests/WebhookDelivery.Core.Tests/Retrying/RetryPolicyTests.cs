using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = Sample.Now;

    private static readonly ReasonCode[] Retried =
    [
        ReasonCode.HttpStatus,
        ReasonCode.Throttled,
        ReasonCode.Timeout,
        ReasonCode.ConnectFailed,
        ReasonCode.DnsFailed,
        ReasonCode.TlsFailed,
        ReasonCode.BadResponse,
        ReasonCode.BlockedAddress,
    ];

    private static readonly Arbitrary<RetrySchedule> Schedules = Gen.Choose(0, 20)
        .SelectMany(count => Gen.Choose(1, 60_000_000).ListOf(count))
        .Select(waits =>
            RetrySchedule.Create([.. waits.Select(ms => TimeSpan.FromMilliseconds(ms))], out _)!
        )
        .ToArbitrary();

    private static readonly Arbitrary<Failure> Failures = (
        from reason in Gen.Elements(Retried)
        from asked in Gen.OneOf(
            Gen.Constant<TimeSpan?>(null),
            Gen.Choose(-10, 200_000).Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)),
            Gen.Elements<TimeSpan?>(
                TimeSpan.MaxValue,
                TimeSpan.MinValue,
                TimeSpan.Zero,
                TimeSpan.FromHours(24),
                TimeSpan.FromHours(24) + TimeSpan.FromTicks(1)
            )
        )
        from jitter in Gen.OneOf(
            Gen.Elements(-1.0, 0.0, 1.0),
            Gen.Choose(-1000, 1000).Select(each => each / 1000.0)
        )
        select new Failure(reason, asked, jitter)
    ).ToArbitrary();

    [Fact]
    public void Decide_AnyFailure_RetriesWithinItsBounds() =>
        Prop.ForAll(
                Schedules,
                Failures,
                ArbMap.Default.ArbFor<NonNegativeInt>(),
                (schedule, failure, pick) =>
                {
                    var attempt = (pick.Get % schedule.Attempts) + 1;
                    var decision = Decide(schedule, attempt, failure);
                    if (attempt == schedule.Attempts)
                    {
                        return decision is RetryDecision.DeadLetter;
                    }

                    var step = schedule.Waits[attempt - 1];
                    var asked =
                        failure.Reason == ReasonCode.Throttled
                            ? failure.RetryAfter ?? TimeSpan.Zero
                            : TimeSpan.Zero;
                    var bounded = asked < TimeSpan.FromHours(24) ? asked : TimeSpan.FromHours(24);
                    var earliest = Later(step * 0.9, bounded);
                    var latest = Later(step * 1.1, bounded);
                    var rounding = TimeSpan.FromTicks(1);
                    return decision is RetryDecision.RetryAt { At: var at }
                        && at - Now >= earliest - rounding
                        && at - Now <= latest + rounding;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Decide_OneFailureAfterAnother_MakesWaitsPlusOneAttempts() =>
        Prop.ForAll(
                Schedules,
                Failures,
                (schedule, failure) =>
                {
                    var attempts = 1;
                    while (Decide(schedule, attempts, failure) is RetryDecision.RetryAt)
                    {
                        attempts++;
                    }

                    return attempts == schedule.Waits.Count + 1
                        && Decide(schedule, attempts, failure) is RetryDecision.DeadLetter
                        && Decide(schedule, attempts + 1, failure) is RetryDecision.DeadLetter
                        && Decide(schedule, int.MaxValue, failure) is RetryDecision.DeadLetter;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Decide_SameArguments_GivesTheSameDecision() =>
        Prop.ForAll(
                Schedules,
                Failures,
                (schedule, failure) => Decide(schedule, 1, failure) == Decide(schedule, 1, failure)
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(1000)]
    public void Decide_DeliveredGoneOrAborted_IsFinalAtAnyAttempt(int attempt)
    {
        Assert.IsType<RetryDecision.Delivered>(Decide(attempt, ReasonCode.Delivered));
        Assert.IsType<RetryDecision.EndpointGone>(Decide(attempt, ReasonCode.EndpointGone));
        Assert.IsType<RetryDecision.Aborted>(Decide(attempt, ReasonCode.Aborted));
    }

    [Fact]
    public void Decide_Directives_ChangeNothingOfTheDelivery() =>
        Prop.ForAll(
                Schedules,
                Failures,
                Gen.Elements(Enum.GetValues<ReasonCode>()).ToArbitrary(),
                (schedule, failure, reason) =>
                {
                    var outcome = Outcome(reason) with { RetryAfter = failure.RetryAfter };
                    var asked = outcome with { Directives = ReceiverDirectives.Disable };
                    return RetryPolicy.Decide(schedule, 1, outcome, Now, failure.Jitter)
                        == RetryPolicy.Decide(schedule, 1, asked, Now, failure.Jitter);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ReasonCode.Delivered, ReceiverDirectives.None, null)]
    [InlineData(ReasonCode.HttpStatus, ReceiverDirectives.None, null)]
    [InlineData(ReasonCode.Aborted, ReceiverDirectives.AbortMessage, null)]
    [InlineData(ReasonCode.Delivered, ReceiverDirectives.Disable, ReasonCode.DisabledByReceiver)]
    [InlineData(
        ReasonCode.Aborted,
        ReceiverDirectives.Disable | ReceiverDirectives.AbortMessage,
        ReasonCode.DisabledByReceiver
    )]
    [InlineData(ReasonCode.EndpointGone, ReceiverDirectives.None, ReasonCode.EndpointGone)]
    [InlineData(ReasonCode.EndpointGone, ReceiverDirectives.Disable, ReasonCode.EndpointGone)]
    public void FindReasonToDisable_Outcome_IsThe410BeforeTheRequest(
        ReasonCode reason,
        ReceiverDirectives directives,
        ReasonCode? why
    ) =>
        Assert.Equal(
            why,
            RetryPolicy.FindReasonToDisable(Outcome(reason) with { Directives = directives })
        );

    [Theory]
    [InlineData(-1.0, 54)]
    [InlineData(-0.5, 57)]
    [InlineData(0.0, 60)]
    [InlineData(1.0, 66)]
    public void Decide_Jitter_MovesTheWaitByATenth(double jitter, int seconds)
    {
        var decision = RetryPolicy.Decide(
            RetrySchedule.Default,
            1,
            Outcome(ReasonCode.HttpStatus),
            Now,
            jitter
        );
        var at = Assert.IsType<RetryDecision.RetryAt>(decision).At;
        Assert.Equal(seconds, (at - Now).TotalSeconds, 6);
    }

    [Theory]
    [InlineData(-1.0000001)]
    [InlineData(1.0000001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Decide_JitterOutOfRange_Throws(double jitter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RetryPolicy.Decide(
                RetrySchedule.Default,
                1,
                Outcome(ReasonCode.HttpStatus),
                Now,
                jitter
            )
        );

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Decide_AttemptBelowOne_Throws(int attempt) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Decide(attempt, ReasonCode.HttpStatus));

    [Fact]
    public void Decide_RetryAfterOfAnotherReason_IsIgnored()
    {
        var outcome = Outcome(ReasonCode.HttpStatus) with { RetryAfter = TimeSpan.FromHours(5) };
        var decision = RetryPolicy.Decide(RetrySchedule.Default, 1, outcome, Now, 0);
        Assert.Equal(new RetryDecision.RetryAt(Now + TimeSpan.FromMinutes(1)), decision);
    }

    [Fact]
    public void Decide_RetryAfterLongerThanADay_IsOneDay()
    {
        var outcome = Outcome(ReasonCode.Throttled) with { RetryAfter = TimeSpan.MaxValue };
        var decision = RetryPolicy.Decide(RetrySchedule.Default, 1, outcome, Now, 1);
        Assert.Equal(new RetryDecision.RetryAt(Now + TimeSpan.FromHours(24)), decision);
    }

    [Fact]
    public void Decide_StepLongerThanRetryAfterCanBe_KeepsTheStep()
    {
        var schedule = RetrySchedule.Parse(["7d"], out _)!;
        var outcome = Outcome(ReasonCode.Throttled) with { RetryAfter = TimeSpan.FromDays(30) };
        var decision = RetryPolicy.Decide(schedule, 1, outcome, Now, 0);
        Assert.Equal(new RetryDecision.RetryAt(Now + TimeSpan.FromDays(7)), decision);
    }

    [Fact]
    public void Next_ManyDraws_StayWithinRangeAndReachBothHalves()
    {
        var source = new RandomJitterSource();
        var drawn = Enumerable.Range(0, 2000).Select(_ => source.Next()).ToList();
        Assert.All(drawn, each => Assert.InRange(each, -1, 1));
        Assert.Contains(drawn, each => each < -0.5);
        Assert.Contains(drawn, each => each > 0.5);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static AttemptOutcome Outcome(ReasonCode reason) => new() { Reason = reason };

    private static RetryDecision Decide(int attempt, ReasonCode reason) =>
        RetryPolicy.Decide(RetrySchedule.Default, attempt, Outcome(reason), Now, 0);

    private static RetryDecision Decide(RetrySchedule schedule, int attempt, Failure failure) =>
        RetryPolicy.Decide(
            schedule,
            attempt,
            Outcome(failure.Reason) with
            {
                RetryAfter = failure.RetryAfter,
            },
            Now,
            failure.Jitter
        );

    private sealed record Failure(ReasonCode Reason, TimeSpan? RetryAfter, double Jitter);
}
