namespace WebhookDelivery.Core;

/// <summary>Which events of a tenant to list, newest first. Filters combine by and.</summary>
public sealed record EventQuery
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Only events of which some delivery has this status.</summary>
    public DeliveryStatus? Status { get; init; }

    /// <summary>Only events of exactly this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only events with a delivery to this endpoint (with <see cref="Status"/>, in that status).</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>Only events created at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Most events in the page, 1–100.</summary>
    public required int Limit { get; init; }

    /// <summary>Only events older than this one: the last page's <see cref="EventPage.Next"/>.</summary>
    public EventId? Before { get; init; }
}
