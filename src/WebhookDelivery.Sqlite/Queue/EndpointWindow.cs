using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>What memory knows of one endpoint's open deliveries: some of them, and whether there are more.</summary>
internal sealed class EndpointWindow(EndpointKey key)
{
    /// <summary>No time at all.</summary>
    public const long Never = long.MaxValue;

    public EndpointKey Key { get; } = key;

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

    /// <summary>When the earliest of the deliveries that memory does not hold falls due.</summary>
    public long NextDueMs { get; set; } = Never;

    /// <summary>Stands in the ring of endpoints with ready deliveries.</summary>
    public bool InRing { get; set; }

    /// <summary>Stands in the queue of endpoints to be read.</summary>
    public bool InRefillQueue { get; set; }

    /// <summary>Counts among the endpoints that share the total.</summary>
    public bool Active { get; set; }
}
