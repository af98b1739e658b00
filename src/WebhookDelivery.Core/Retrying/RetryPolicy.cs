namespace WebhookDelivery.Core;

/// <summary>Decides what follows an attempt. Pure: the same arguments give the same decision.</summary>
public static class RetryPolicy
{
    /// <summary>Longest wait that a receiver's Retry-After can ask for, inclusive.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(24);

    /// <summary>How far jitter moves a wait, as a part of it, either way.</summary>
    public const double JitterRatio = 0.1;

    private static readonly RetryDecision.Delivered Delivered = new();
    private static readonly RetryDecision.DeadLetter DeadLetter = new();
    private static readonly RetryDecision.EndpointGone EndpointGone = new();
    private static readonly RetryDecision.Aborted Aborted = new();

    /// <summary>Decides.</summary>
    /// <param name="schedule">The schedule in force.</param>
    /// <param name="attempt">The number of the attempt that was made, from 1.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">When it ended; waits count from here.</param>
    /// <param name="jitter">From -1 to 1, both inclusive: where in the jitter's range the wait falls.</param>
    public static RetryDecision Decide(
        RetrySchedule schedule,
        int attempt,
        AttemptOutcome outcome,
        DateTimeOffset now,
        double jitter
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        switch (outcome.Reason)
        {
            case ReasonCode.Delivered:
                return Delivered;
            case ReasonCode.EndpointGone:
                return EndpointGone;
            case ReasonCode.Aborted:
                return Aborted;
            default:
                break;
        }

        if (attempt > schedule.Waits.Count)
        {
            return DeadLetter;
        }

        var wait = schedule.Waits[attempt - 1] * (1 + (JitterRatio * jitter));
        if (outcome is { Reason: ReasonCode.Throttled, RetryAfter: { } asked })
        {
            var bounded = asked < RetryAfterMax ? asked : RetryAfterMax;
            wait = bounded > wait ? bounded : wait;
        }

        return new RetryDecision.RetryAt(now + wait);
    }

    /// <summary>
    /// Why the endpoint is to be disabled after this outcome; null if it is not. It is about the
    /// endpoint, and so holds also where the attempt was stale.
    /// </summary>
    public static ReasonCode? FindReasonToDisable(AttemptOutcome outcome) =>
        outcome.Reason == ReasonCode.EndpointGone ? ReasonCode.EndpointGone
        : outcome.Directives.HasFlag(ReceiverDirectives.Disable) ? ReasonCode.DisabledByReceiver
        : null;
}
