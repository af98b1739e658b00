namespace WebhookDelivery.Core;

/// <summary>What a new tenant is to be; members are validated already.</summary>
public sealed record TenantDraft
{
    /// <summary>Its id.</summary>
    public required TenantId Id { get; init; }

    /// <summary>A name for people; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Its first endpoint; null for none yet.</summary>
    public EndpointDraft? Endpoint { get; init; }
}
