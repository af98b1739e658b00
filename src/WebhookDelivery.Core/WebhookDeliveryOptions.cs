namespace WebhookDelivery.Core;

/// <summary>Everything that Core can be told.</summary>
public sealed record WebhookDeliveryOptions
{
    /// <summary>How deliveries are made.</summary>
    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>Limits on endpoints.</summary>
    public EndpointOptions Endpoints { get; init; } = new();

    /// <summary>Limits on tenants.</summary>
    public TenantOptions Tenants { get; init; } = new();

    /// <summary>How long what is read about tenants may be used.</summary>
    public TenantDirectoryOptions Directory { get; init; } = new();

    /// <summary>How recoveries are made.</summary>
    public RecoveryOptions Recoveries { get; init; } = new();

    /// <summary>When endpoints count as failing, and are disabled for that.</summary>
    public EndpointHealthOptions Health { get; init; } = new();

    /// <summary>How the sweeper paces itself.</summary>
    public SweeperOptions Sweeper { get; init; } = new();

    /// <summary>How counts are gathered before they are stored.</summary>
    public StatisticsOptions Statistics { get; init; } = new();
}
