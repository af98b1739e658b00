namespace WebhookDelivery.Api;

/// <summary>A change of a tenant. Absent members stay.</summary>
internal sealed record UpdateTenantRequest
{
    /// <summary>A name for people, at most 200 characters; null for none.</summary>
    public string? Name { get; init; }
}
