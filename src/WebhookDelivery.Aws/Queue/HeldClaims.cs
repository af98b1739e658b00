using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Which attempts this process has claimed: a second message of one is recognised without asking
/// anybody, and ending a claim twice does nothing twice. Thread-safe.
/// </summary>
internal sealed class HeldClaims(AwsEngineOptions options)
{
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Attempted, Held> _held = [];
    private DateTimeOffset _prunedAt;

    /// <summary>
    /// When a lease that is held is too near its end to stand for another message: SQS may have ended
    /// it, as it began before its answer came, and what the next holder did may be that message.
    /// </summary>
    private readonly TimeSpan _doubtful = options.VisibilityTimeout / 10;

    /// <summary>Holds a claim, unless this process has the same attempt under another lease that lasts.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="messageId">Its message.</param>
    /// <param name="now">The time now.</param>
    public HoldOutcome TryHold(ClaimedDelivery claim, string messageId, DateTimeOffset now)
    {
        var key = Attempted.By(claim.Due);
        lock (_gate)
        {
            Prune(now);
            if (_held.TryGetValue(key, out var other) && other.LeaseEndsAt > now)
            {
                return other.MessageId == messageId || other.LeaseEndsAt - now <= _doubtful
                    ? HoldOutcome.Busy
                    : HoldOutcome.Redundant;
            }

            _held[key] = new Held(messageId, claim.Receipt!, claim.LeaseEndsAt!.Value);
            return HoldOutcome.Held;
        }
    }

    /// <summary>Whether a claim is held, and has not been ended yet.</summary>
    public bool Holds(ClaimedDelivery claim)
    {
        lock (_gate)
        {
            return _held.TryGetValue(Attempted.By(claim.Due), out var held)
                && held.Receipt == claim.Receipt;
        }
    }

    /// <summary>Ends a claim, if it is held. Returns its message; null if it is not held.</summary>
    public string? End(ClaimedDelivery claim)
    {
        lock (_gate)
        {
            return Holds(claim) && _held.Remove(Attempted.By(claim.Due), out var held)
                ? held.MessageId
                : null;
        }
    }

    /// <summary>Forgets claims that were never ended, such as those of a worker that was aborted.</summary>
    private void Prune(DateTimeOffset now)
    {
        if (now - _prunedAt < PruneEvery)
        {
            return;
        }

        _prunedAt = now;
        foreach (var (key, held) in _held)
        {
            if (held.LeaseEndsAt <= now)
            {
                _held.Remove(key);
            }
        }
    }

    private readonly record struct Attempted(DeliveryKey Key, int Generation, int Number)
    {
        public static Attempted By(DueDelivery due) => new(due.Key, due.Generation, due.Attempt);
    }

    private readonly record struct Held(
        string MessageId,
        string Receipt,
        DateTimeOffset LeaseEndsAt
    );
}
