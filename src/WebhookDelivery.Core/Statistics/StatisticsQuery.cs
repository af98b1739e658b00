namespace WebhookDelivery.Core;

/// <summary>Whose statistics to read, and of when.</summary>
public sealed record StatisticsQuery
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Which endpoint's; null for the tenant as a whole.</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>The first hour, inclusive.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The hour after the last: exclusive.</summary>
    public required DateTimeOffset Until { get; init; }
}
