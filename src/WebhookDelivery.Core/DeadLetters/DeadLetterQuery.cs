namespace WebhookDelivery.Core;

/// <summary>Which dead letters to list, newest event first. Filters combine by and.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

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

    /// <summary>Most dead letters in the page, 1–1,000.</summary>
    public required int Limit { get; init; }

    /// <summary>Where the last page ended.</summary>
    public DeadLetterPosition? After { get; init; }

    /// <summary>Whether the event's type is asked about at all.</summary>
    public bool IsByType => !EventTypes.Equals(EventTypeFilter.All);

    /// <summary>Whether endpoint and reason pass; the event's type, times and position are not looked at.</summary>
    public bool Accepts(Delivery delivery) =>
        (EndpointId is null || EndpointId == delivery.Key.EndpointId)
        && (Reasons.Count == 0 || (delivery.LastReason is { } reason && Reasons.Contains(reason)));
}
