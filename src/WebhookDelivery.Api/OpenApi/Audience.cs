namespace WebhookDelivery.Api;

/// <summary>Who may call a route.</summary>
internal enum Audience
{
    /// <summary>Everybody; no key is asked for.</summary>
    Everybody,

    /// <summary>A tenant, with its key.</summary>
    Tenant,

    /// <summary>An operator, with theirs.</summary>
    Operator,
}
