namespace WebhookDelivery.Core;

/// <summary>Which deliveries of one endpoint to list, oldest event first. Filters combine by and.</summary>
public sealed record DeliveryQuery
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>To which endpoint.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>Only those that stand in one of these; empty for any.</summary>
    public IReadOnlySet<DeliveryStatus> Statuses { get; init; } = new HashSet<DeliveryStatus>();

    /// <summary>Only those whose event's type passes.</summary>
    public EventTypeFilter EventTypes { get; init; } = EventTypeFilter.All;

    /// <summary>
    /// Only those whose <see cref="Delivery.LastReason"/> is one of these; empty for any, none included.
    /// </summary>
    public IReadOnlySet<ReasonCode> Reasons { get; init; } = new HashSet<ReasonCode>();

    /// <summary>Only those whose event was created at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those whose event was created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Most deliveries in the page, 1–1,000.</summary>
    public required int Limit { get; init; }

    /// <summary>Only those of events younger than this one: the last page's <see cref="DeliveryPage.Next"/>.</summary>
    public EventId? After { get; init; }

    /// <summary>The endpoint with its tenant.</summary>
    public EndpointKey Endpoint => new(TenantId, EndpointId);

    /// <summary>Whether status, reason and the event's type pass; times and position are not looked at.</summary>
    /// <param name="delivery">A delivery to the endpoint.</param>
    /// <param name="eventType">Its event's type; null if it has none.</param>
    public bool Accepts(Delivery delivery, string? eventType) =>
        (Statuses.Count == 0 || Statuses.Contains(delivery.Status))
        && (Reasons.Count == 0 || (delivery.LastReason is { } reason && Reasons.Contains(reason)))
        && EventTypes.Matches(eventType);
}
