namespace WebhookDelivery.Core;

/// <summary>Which deliveries of its endpoint a recovery is about. What is given combines by and.</summary>
public sealed record RecoveryFilter
{
    /// <summary>Events created at or after this time; null for any.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events created before this time; null for any.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>In one of these states; empty for any. A replay has none.</summary>
    public IReadOnlySet<DeliveryStatus> Statuses { get; init; } = new HashSet<DeliveryStatus>();

    /// <summary>Of events of these types.</summary>
    public EventTypeFilter EventTypes { get; init; } = EventTypeFilter.All;

    /// <summary>Where they are for one of these reasons; empty for any.</summary>
    public IReadOnlySet<ReasonCode> Reasons { get; init; } = new HashSet<ReasonCode>();
}
