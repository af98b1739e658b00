namespace WebhookDelivery.Core;

/// <summary>Whether an endpoint gets an event, and if not, why.</summary>
public enum RouteVerdict
{
    /// <summary>It gets it.</summary>
    Taken,

    /// <summary>It gets the platform's own events and this is not one, or the other way round.</summary>
    OtherSource,

    /// <summary>Its event types leave it out.</summary>
    OtherType,

    /// <summary>Its filter leaves it out.</summary>
    OtherPayload,
}
