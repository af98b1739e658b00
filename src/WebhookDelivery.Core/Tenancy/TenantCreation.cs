using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What came of creating a tenant.</summary>
public abstract record TenantCreation
{
    private TenantCreation() { }

    /// <summary>It exists now. The key and the secret can be shown this once.</summary>
    /// <param name="Tenant">The tenant.</param>
    /// <param name="ApiKey">Its first API key, in clear.</param>
    /// <param name="Endpoint">Its first endpoint; null if none was asked for.</param>
    /// <param name="Secret">That endpoint's secret.</param>
    public sealed record Created(
        Tenant Tenant,
        string ApiKey,
        Endpoint? Endpoint,
        SigningSecret? Secret
    ) : TenantCreation;

    /// <summary>The id is in use, perhaps by a tenant whose data is still being erased.</summary>
    public sealed record IdInUse : TenantCreation;
}
