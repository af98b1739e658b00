namespace WebhookDelivery.Core;

/// <summary>Limits on what a tenant may have of its own.</summary>
public sealed record TenantOptions
{
    /// <summary>Most API keys of one tenant that are good, revoked ones not counted; default 100.</summary>
    public int ApiKeysMax { get; init; } = 100;
}
