namespace WebhookDelivery.Core;

/// <summary>What an API key may do. Stored by number.</summary>
public enum ApiKeyRole
{
    /// <summary>Everything of its own tenant (<c>whk_…</c>).</summary>
    Tenant = 0,

    /// <summary>Tenants, keys and requeue over all tenants (<c>wha_…</c>).</summary>
    Operator = 1,
}
