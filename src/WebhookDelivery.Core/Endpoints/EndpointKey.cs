namespace WebhookDelivery.Core;

/// <summary>One endpoint of one tenant; nothing of a tenant is ever addressed without the tenant.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="EndpointId">Which one.</param>
public readonly record struct EndpointKey(TenantId TenantId, EndpointId EndpointId)
{
    /// <summary>By the endpoint's id, which is random enough: no text is hashed where keys are looked up.</summary>
    public override int GetHashCode() => EndpointId.GetHashCode();
}
