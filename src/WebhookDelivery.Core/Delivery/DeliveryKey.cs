namespace WebhookDelivery.Core;

/// <summary>Names a delivery: one event × one endpoint, within one tenant.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="EventId">What is delivered.</param>
/// <param name="EndpointId">Where to.</param>
public readonly record struct DeliveryKey(TenantId TenantId, EventId EventId, EndpointId EndpointId)
{
    /// <summary>The endpoint with its tenant.</summary>
    public EndpointKey Endpoint => new(TenantId, EndpointId);

    /// <summary>By the ids, which are random enough: no text is hashed where keys are looked up.</summary>
    public override int GetHashCode() => HashCode.Combine(EventId, EndpointId);
}
