namespace WebhookDelivery.Core;

/// <summary>
/// One endpoint's deliveries in the dispatcher: those ready to go, and how many are under way. Held
/// back, it needs its tenant to have more places left. Not thread-safe; the dispatcher's lock guards
/// it.
/// </summary>
internal sealed class EndpointLane(EndpointKey key, TenantLanes tenant) : HeldBack
{
    /// <summary>Attempts that may begin at once after a rest, as seconds of the rate.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where both wait, one in so many is of the backlog: live traffic hardly feels it, and a backlog ends
    /// however much is live.
    /// </summary>
    internal const int BacklogPart = 8;

    private DateTimeOffset _countedAt;
    private int _liveInARow;

    public EndpointKey Key { get; } = key;

    public TenantLanes Tenant { get; } = tenant;

    /// <summary>Live ones that are ready to go.</summary>
    public Queue<ClaimedDelivery> Live { get; } = new();

    /// <summary>Those of a backlog that are ready to go.</summary>
    public Queue<ClaimedDelivery> Backlog { get; } = new(0);

    /// <summary>How many are ready to go.</summary>
    public int Ready => Live.Count + Backlog.Count;

    public EndpointLimits Limits { get; private set; }

    public int InFlight { get; set; }

    /// <summary>True while it stands in its tenant's round.</summary>
    public bool InRound { get; set; }

    /// <summary>Until when it stands aside (rate, breaker); null while it does not.</summary>
    public DateTimeOffset? WaitsUntil { get; set; }

    /// <summary>True while it stands aside for its rate, with something ready or not.</summary>
    public bool WaitsForRate { get; set; }

    /// <summary>Until when the sender wants nothing of it, since a claim of it was returned.</summary>
    public DateTimeOffset ReturnedUntil { get; set; }

    /// <summary>What it was returned for; told to who asks, and of no effect.</summary>
    public LaneHold ReturnedFor { get; set; }

    /// <summary>True while it stands aside only to remember its rate, with nothing ready.</summary>
    public bool Lingers { get; set; }

    /// <summary>True if nothing of its own keeps it from running.</summary>
    public bool CanRun => Ready > 0 && InFlight < Limits.MaxInFlight && WaitsUntil is null;

    public bool IsIdle =>
        Ready == 0 && InFlight == 0 && WaitsUntil is null && !InRound && !IsHeldBack;

    /// <summary>When the rate will have been kept to even by a full burst: from then on it forgets.</summary>
    public DateTimeOffset RestedAt { get; private set; }

    /// <summary>How many wait that go before a claim, or at its side: a backlog is in no live one's way.</summary>
    public int WaitingBefore(ClaimedDelivery claim) => claim.Due.Backlog ? Ready : Live.Count;

    /// <summary>Takes a claim in, behind its like.</summary>
    public void Enqueue(ClaimedDelivery claim) =>
        (claim.Due.Backlog ? Backlog : Live).Enqueue(claim);

    /// <summary>Takes out whose turn it is; something must be ready.</summary>
    public ClaimedDelivery Dequeue()
    {
        if (Backlog.Count == 0)
        {
            return Live.Dequeue();
        }

        if (Live.Count == 0 || ++_liveInARow == BacklogPart)
        {
            _liveInARow = 0;
            return Backlog.Dequeue();
        }

        return Live.Dequeue();
    }

    /// <summary>
    /// Puts other limits in force; true if the rate changed. What was begun under the old rate counts
    /// under the new one, up to one burst of it.
    /// </summary>
    public bool Limit(EndpointLimits limits)
    {
        var (before, after) = (Limits.RatePerSecond, limits.RatePerSecond);
        Limits = limits;
        if (before == after)
        {
            return false;
        }

        var begun = (RestedAt - _countedAt).TotalSeconds * before;
        var owed = Math.Min((begun / after) ?? 0, Math.Max(Burst.TotalSeconds, (1 / after) ?? 0));
        RestedAt = _countedAt + TimeSpan.FromSeconds(owed);
        return true;
    }

    /// <summary>
    /// When the rate lets the next attempt begin; null if it does now. A lane that rested may begin
    /// up to one second's worth at once (at least one), then one every 1/rate seconds (GCRA).
    /// </summary>
    public DateTimeOffset? RateAllowsAt(DateTimeOffset now)
    {
        // A lane that rested is let go before the subtraction, which a new one's year 1 cannot bear.
        if (Limits.RatePerSecond is not { } rate || RestedAt <= now)
        {
            return null;
        }

        var at = RestedAt - Tolerance(rate);
        return at > now ? at : null;
    }

    /// <summary>Counts an attempt against the rate.</summary>
    public void CountAgainstRate(DateTimeOffset now)
    {
        if (Limits.RatePerSecond is { } rate)
        {
            RestedAt = (RestedAt > now ? RestedAt : now) + TimeSpan.FromSeconds(1 / rate);
            _countedAt = now;
        }
    }

    /// <summary>
    /// Keeps what is left of its rate's times on a clock that was set back, and forgets until when the
    /// sender wanted nothing, which the sender knows better.
    /// </summary>
    public void SetBack(TimeSpan by)
    {
        ReturnedUntil = default;
        if (_countedAt != default)
        {
            RestedAt -= by;
            _countedAt -= by;
        }
    }

    /// <summary>A burst of n attempts runs n - 1 intervals ahead of the steady rate.</summary>
    private static TimeSpan Tolerance(double rate)
    {
        var interval = TimeSpan.FromSeconds(1 / rate);
        return interval > Burst ? TimeSpan.Zero : Burst - interval;
    }
}
