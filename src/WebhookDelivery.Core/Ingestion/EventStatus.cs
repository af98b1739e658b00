namespace WebhookDelivery.Core;

/// <summary>An event's status: derived from its deliveries, never stored.</summary>
public enum EventStatus
{
    /// <summary>No endpoint matched.</summary>
    Unrouted,

    /// <summary>Some delivery is FAILED.</summary>
    Failed,

    /// <summary>None is FAILED, some is PENDING.</summary>
    Pending,

    /// <summary>None is open, some is PARKED.</summary>
    Parked,

    /// <summary>None is open or parked, some is DEAD_LETTER.</summary>
    DeadLetter,

    /// <summary>All are CANCELLED.</summary>
    Cancelled,

    /// <summary>What is not cancelled is DELIVERED.</summary>
    Delivered,
}
