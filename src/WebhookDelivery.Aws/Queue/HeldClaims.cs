using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Which attempts this process has claimed: a second message of one is recognised without asking
/// anybody, and ending a claim twice does nothing twice. Thread-safe.
/// </summary>
internal sealed class HeldClaims
{
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Attempted, Held> _held = [];
    private DateTimeOffset _prunedAt;

    /// <summary>Holds a claim; false if this process has the same attempt under another lease that lasts.</summary>
    public bool TryHold(ClaimedDelivery claim, DateTimeOffset now)
    {
        var key = Attempted.By(claim.Due);
        lock (_gate)
        {
            Prune(now);
            if (_held.TryGetValue(key, out var other) && other.LeaseEndsAt > now)
            {
                return false;
            }

            _held[key] = new Held(claim.Receipt!, claim.LeaseEndsAt!.Value);
            return true;
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

    /// <summary>Ends a claim, if it is held.</summary>
    public void End(ClaimedDelivery claim)
    {
        lock (_gate)
        {
            if (Holds(claim))
            {
                _held.Remove(Attempted.By(claim.Due));
            }
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

    private readonly record struct Held(string Receipt, DateTimeOffset LeaseEndsAt);
}
