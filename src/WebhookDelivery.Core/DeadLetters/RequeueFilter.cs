namespace WebhookDelivery.Core;

/// <summary>Which dead letters to requeue. Filters combine by and.</summary>
public sealed record RequeueFilter
{
    /// <summary>Whose; null for every tenant's.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>Only those to this endpoint.</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>Only those whose event's type passes.</summary>
    public EventTypeFilter EventTypes { get; init; } = EventTypeFilter.All;

    /// <summary>Only those that died for one of these; empty for any.</summary>
    public IReadOnlySet<ReasonCode> Reasons { get; init; } = new HashSet<ReasonCode>();

    /// <summary>Only those whose event was created at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those whose event was created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Most dead letters to requeue, 1–10,000; default 100. Failed ones do not count.</summary>
    public int MaxMessages { get; init; } = 100;
}
