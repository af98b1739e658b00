namespace WebhookDelivery.Core;

/// <summary>Where a recovery stands. Stored by number.</summary>
public enum RecoveryStatus
{
    /// <summary>It has more to do, or to wait for.</summary>
    Running = 0,

    /// <summary>It came to its end.</summary>
    Done = 1,

    /// <summary>It was stopped, or its endpoint was deleted.</summary>
    Cancelled = 2,
}
