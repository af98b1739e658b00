using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>An event in a list, without its payload.</summary>
internal sealed record EventItemBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>Its type; null if it has none.</summary>
    public required string? Type { get; init; }

    /// <summary>Its status, derived from its deliveries.</summary>
    [OneOf(typeof(EventStatus))]
    public required string Status { get; init; }

    /// <summary>What caused it: live if it was posted, operational if it is the platform's own.</summary>
    [OneOf(typeof(EventSource))]
    public required string Source { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>One delivery for each endpoint that it goes to.</summary>
    public required IReadOnlyList<DeliveryBody> Deliveries { get; init; }
}
