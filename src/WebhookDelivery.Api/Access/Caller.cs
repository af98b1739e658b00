using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>Whose key a request carries: a feature of every request that passed the gate.</summary>
/// <param name="Tenant">The tenant; null for an operator.</param>
internal sealed record Caller(TenantId? Tenant)
{
    /// <summary>An operator, of whom there is nothing else to know.</summary>
    public static readonly Caller Operator = new((TenantId?)null);
}
