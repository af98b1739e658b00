namespace WebhookDelivery.Core;

/// <summary>
/// What happened in an hour, to one endpoint or to all of a tenant's. Counts of several processes,
/// endpoints or hours add up. Not thread-safe.
/// </summary>
public sealed class HourCounts
{
    /// <summary>Events that POST /events answered with 201. A tenant's; 0 for an endpoint.</summary>
    public long Accepted { get; set; }

    /// <summary>Deliveries that came into being.</summary>
    public long Deliveries { get; set; }

    /// <summary>Deliveries that became DELIVERED.</summary>
    public long Delivered { get; set; }

    /// <summary>Deliveries that became DEAD_LETTER by an attempt.</summary>
    public long DeadLettered { get; set; }

    /// <summary>Deliveries that became PARKED.</summary>
    public long Parked { get; set; }

    /// <summary>Deliveries that became CANCELLED, by request or as their endpoint was deleted.</summary>
    public long Cancelled { get; set; }

    /// <summary>Attempts, by how they ended.</summary>
    public ReasonCounts Attempts { get; } = new();

    /// <summary>How long the attempts took that were answered with a status line, to its end.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Adds others.</summary>
    public void Add(HourCounts other)
    {
        Accepted += other.Accepted;
        Deliveries += other.Deliveries;
        Delivered += other.Delivered;
        DeadLettered += other.DeadLettered;
        Parked += other.Parked;
        Cancelled += other.Cancelled;
        Attempts.Add(other.Attempts);
        Latency.Add(other.Latency);
    }

    /// <summary>Counts deliveries that moved; those that wait for another attempt are none of it.</summary>
    public void AddMoved(DeliveryStatus status, long deliveries)
    {
        switch (status)
        {
            case DeliveryStatus.Delivered:
                Delivered += deliveries;
                break;
            case DeliveryStatus.DeadLetter:
                DeadLettered += deliveries;
                break;
            case DeliveryStatus.Parked:
                Parked += deliveries;
                break;
            case DeliveryStatus.Cancelled:
                Cancelled += deliveries;
                break;
        }
    }
}
