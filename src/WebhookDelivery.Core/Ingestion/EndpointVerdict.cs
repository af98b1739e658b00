namespace WebhookDelivery.Core;

/// <summary>What became of an event at one endpoint of its tenant. Shown by name, never stored.</summary>
public enum EndpointVerdict
{
    /// <summary>It was delivered.</summary>
    Sent,

    /// <summary>Its first attempt is due or under way.</summary>
    Waiting,

    /// <summary>Attempts failed, and the next one is due or under way.</summary>
    Retrying,

    /// <summary>An attempt is due, and the endpoint's rate or a cap holds it back.</summary>
    Limited,

    /// <summary>An attempt is due and the endpoint's breaker holds it back, or its address is not allowed.</summary>
    Blocked,

    /// <summary>It is kept until the endpoint is enabled.</summary>
    Parked,

    /// <summary>It is a dead letter.</summary>
    DeadLettered,

    /// <summary>It was cancelled, or its endpoint deleted.</summary>
    Cancelled,

    /// <summary>The endpoint does not take events of its type.</summary>
    FilteredByType,

    /// <summary>The endpoint's filter does not take its payload.</summary>
    FilteredByPayload,

    /// <summary>It was meant for other endpoints: a test, or the platform's own news.</summary>
    NotTargeted,

    /// <summary>The endpoint came after the event was routed.</summary>
    CreatedLater,

    /// <summary>The endpoint was deleted before the event was routed.</summary>
    DeletedBefore,

    /// <summary>It did not go to the endpoint, and what decided that is not kept any more.</summary>
    Unknown,
}
