namespace WebhookDelivery.Core;

/// <summary>
/// Where a delivery stands (docs/lifecycle.md). The numbers are stored: never reuse or renumber.
/// </summary>
public enum DeliveryStatus
{
    /// <summary>Due for its first attempt of this generation, or under way. Open.</summary>
    Pending = 0,

    /// <summary>The last attempt failed and another one is scheduled. Open.</summary>
    Failed = 1,

    /// <summary>Fell due while its endpoint was disabled; becomes PENDING when that is enabled.</summary>
    Parked = 2,

    /// <summary>Its retry schedule is used up, or the endpoint said that it is gone.</summary>
    DeadLetter = 3,

    /// <summary>Will not be attempted: cancelled, or its endpoint was deleted.</summary>
    Cancelled = 4,

    /// <summary>A receiver answered 2xx.</summary>
    Delivered = 5,
}
