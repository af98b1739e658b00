using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// What memory knows of one lane of an endpoint's open deliveries: some of them, and whether there are
/// more.
/// </summary>
internal sealed class EndpointWindow(LaneKey key)
{
    /// <summary>No time at all.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The earliest of what a read under way may or may not have seen.</summary>
    private long _leftOutMs = Never;

    public LaneKey Key { get; } = key;

    /// <summary>The endpoint's other lane; null if nothing is known of it.</summary>
    public EndpointWindow? Other { get; set; }

    /// <summary>Deliveries to be received next, dropped ones among them.</summary>
    public Queue<HeldDelivery> Ready { get; } = new();

    /// <summary>Deliveries ready, claimed and postponed.</summary>
    public int Held { get; set; }

    /// <summary>The database has, or may have, due deliveries that memory does not hold.</summary>
    public bool Overflowing { get; set; }

    /// <summary>A read of the database is under way; what arrives meanwhile overflows.</summary>
    public bool Reading { get; set; }

    /// <summary>
    /// Deliveries that ended during the read, which sees them as they were: taking them for due
    /// would dispatch them twice.
    /// </summary>
    public HashSet<EventId> EndedDuringRead { get; } = [];

    /// <summary>
    /// Up to there, what is due and open is held, so that the next read goes on from there instead of
    /// passing over what is held; null if that is not known.
    /// </summary>
    public DuePosition? ReadThrough { get; private set; }

    /// <summary>When the earliest of the deliveries that memory does not hold falls due.</summary>
    public long NextDueMs { get; set; } = Never;

    /// <summary>Stands in the ring of endpoints with ready deliveries.</summary>
    public bool InRing { get; set; }

    /// <summary>Stands in the queue of endpoints to be read.</summary>
    public bool InRefillQueue { get; set; }

    /// <summary>Counts among the endpoints that share the total.</summary>
    public bool Active { get; set; }

    /// <summary>Notes that a due delivery is not held, though it may stand before where reads have got.</summary>
    public void LeaveOut(long dueMs)
    {
        _leftOutMs = Math.Min(_leftOutMs, dueMs);
        if (ReadThrough is { } through && dueMs <= through.DueMs)
        {
            ReadThrough = null;
        }
    }

    /// <summary>Begins a read: what is left out before it began, it sees.</summary>
    public void BeginRead() => _leftOutMs = Never;

    /// <summary>Ends a read that took in everything up to a position; null if it took in all, or failed.</summary>
    public void EndRead(DuePosition? through) =>
        ReadThrough = through is { } given && given.DueMs < _leftOutMs ? given : null;
}
