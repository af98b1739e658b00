using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

/// <summary>
/// Decisions of the policy, carried out on a delivery as the store's documentation tells it, never
/// leave the life of a delivery that the design draws.
/// </summary>
public sealed class LifecycleTests
{
    private static readonly RetrySchedule Schedule = RetrySchedule.Parse(["1m", "2m"], out _)!;

    private static readonly Arbitrary<IList<Step>> Steps = (
        from kind in Gen.Frequency(
            (8, Gen.Constant(Kind.Attempt)),
            (2, Gen.Constant(Kind.StaleAttempt)),
            (1, Gen.Constant(Kind.Restart)),
            (1, Gen.Constant(Kind.Park)),
            (1, Gen.Constant(Kind.Resume)),
            (1, Gen.Constant(Kind.Cancel))
        )
        from reason in Gen.Frequency(
            (6, Gen.Constant(ReasonCode.HttpStatus)),
            (1, Gen.Constant(ReasonCode.Throttled)),
            (1, Gen.Constant(ReasonCode.EndpointGone)),
            (1, Gen.Constant(ReasonCode.Aborted)),
            (2, Gen.Constant(ReasonCode.Delivered))
        )
        from jitter in Gen.Choose(-10, 10)
        select new Step(kind, reason, jitter / 10.0)
    )
        .ListOf(40)
        .Select(steps => (IList<Step>)[.. steps])
        .ToArbitrary();

    private enum Kind
    {
        Attempt,
        StaleAttempt,
        Restart,
        Park,
        Resume,
        Cancel,
    }

    [Fact]
    public void Decide_AnySequenceOfSteps_StaysWithinTheLifeOfADelivery() =>
        Prop.ForAll(Steps, steps => FindFault(steps) is not { } fault || Fail(fault))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Transition_EachDecision_HasATimeIfAndOnlyIfItIsOpen()
    {
        RetryDecision[] decisions =
        [
            new RetryDecision.Delivered(),
            new RetryDecision.RetryAt(Sample.Now),
            new RetryDecision.DeadLetter(),
            new RetryDecision.EndpointGone(),
            new RetryDecision.Aborted(),
        ];
        Assert.Equal(
            [
                DeliveryStatus.Delivered,
                DeliveryStatus.Failed,
                DeliveryStatus.DeadLetter,
                DeliveryStatus.DeadLetter,
                DeliveryStatus.DeadLetter,
            ],
            decisions.Select(each => each.Transition.Status)
        );
        Assert.All(
            decisions,
            each =>
                Assert.Equal(
                    each.Transition.Status.IsOpen(),
                    each.Transition.NextAttemptAt is not null
                )
        );
    }

    private static bool Fail(string fault) => throw new InvalidOperationException(fault);

    private static string? FindFault(IList<Step> steps)
    {
        var now = Sample.Now;
        var delivery = new Row(DeliveryStatus.Pending, 1, 0, 0, now);
        foreach (var step in steps)
        {
            var before = delivery;
            now = before.DueAt > now ? before.DueAt.Value : now;
            delivery = Apply(before, step, now);
            if (FindFault(before, delivery, step, now) is { } fault)
            {
                return $"{step}: {before} -> {delivery}: {fault}";
            }
        }

        return null;
    }

    private static Row Apply(Row row, Step step, DateTimeOffset now) =>
        step.Kind switch
        {
            Kind.Attempt => Record(row, step, row.Generation, row.GenerationAttempts + 1, now),
            Kind.StaleAttempt => Record(row, step, row.Generation, row.GenerationAttempts, now),
            Kind.Restart => row with
            {
                Status = DeliveryStatus.Pending,
                Generation = row.Generation + 1,
                GenerationAttempts = 0,
                DueAt = now,
            },
            Kind.Park when row.Status.IsOpen() => row with
            {
                Status = DeliveryStatus.Parked,
                DueAt = null,
            },
            Kind.Resume when row.Status == DeliveryStatus.Parked => row with
            {
                Status = DeliveryStatus.Pending,
                DueAt = now,
            },
            Kind.Cancel when row.Status.IsOpen() || row.Status == DeliveryStatus.Parked => row with
            {
                Status = DeliveryStatus.Cancelled,
                DueAt = null,
            },
            _ => row,
        };

    /// <summary>Always recorded; moves the row only if open and fenced by generation and number.</summary>
    private static Row Record(Row row, Step step, int generation, int number, DateTimeOffset now)
    {
        var recorded = row with { Attempts = row.Attempts + 1 };
        var moves =
            row.Status.IsOpen()
            && generation == row.Generation
            && number == row.GenerationAttempts + 1;
        if (!moves)
        {
            return recorded;
        }

        var outcome = new AttemptOutcome { Reason = step.Reason };
        var decision = RetryPolicy.Decide(Schedule, number, outcome, now, step.Jitter);
        return recorded with
        {
            Status = decision.Transition.Status,
            GenerationAttempts = number,
            DueAt = decision.Transition.NextAttemptAt,
        };
    }

    private static string? FindFault(Row before, Row after, Step step, DateTimeOffset now)
    {
        var attempts = step.Kind is Kind.Attempt or Kind.StaleAttempt ? 1 : 0;
        var failing = step.Reason is ReasonCode.HttpStatus or ReasonCode.Throttled;
        var exchanged = step.Kind == Kind.Attempt && before.Status.IsOpen();
        return true switch
        {
            _ when after.Status.IsOpen() != after.DueAt is not null => "due without being open",
            _ when after.Attempts != before.Attempts + attempts => "an attempt was forgotten",
            _ when after.GenerationAttempts > Schedule.Attempts => "more attempts than it has",
            _ when after.Generation < before.Generation => "a generation came back",
            _ when step.Kind == Kind.StaleAttempt && after.Status != before.Status =>
                "a stale worker moved it",
            _ when exchanged && step.Reason == ReasonCode.Delivered => after.Status
            == DeliveryStatus.Delivered
                ? null
                : "2xx did not deliver it",
            _ when exchanged && step.Reason is ReasonCode.EndpointGone or ReasonCode.Aborted =>
                after.Status == DeliveryStatus.DeadLetter ? null : "it was not dead-lettered",
            _ when exchanged && failing && after.GenerationAttempts == Schedule.Attempts =>
                after.Status == DeliveryStatus.DeadLetter ? null : "the schedule did not end",
            _ when exchanged && failing => after.Status == DeliveryStatus.Failed
            && after.DueAt > now
                ? null
                : "a failure is not retried later",
            _ when after.Status == DeliveryStatus.Failed && after.GenerationAttempts == 0 =>
                "failed without an attempt",
            _ => null,
        };
    }

    private sealed record Step(Kind Kind, ReasonCode Reason, double Jitter);

    private sealed record Row(
        DeliveryStatus Status,
        int Generation,
        int GenerationAttempts,
        int Attempts,
        DateTimeOffset? DueAt
    );
}
