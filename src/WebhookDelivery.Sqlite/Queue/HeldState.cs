namespace WebhookDelivery.Sqlite;

/// <summary>Where a delivery that memory holds stands.</summary>
internal enum HeldState
{
    /// <summary>Waits to be received.</summary>
    Ready,

    /// <summary>Received, its outcome not yet stored.</summary>
    Claimed,

    /// <summary>Given back until a time.</summary>
    Postponed,

    /// <summary>No longer held, but not yet taken out of a queue that still names it.</summary>
    Dropped,
}
