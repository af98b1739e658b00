using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>An event with its payload and deliveries.</summary>
internal sealed record EventBody
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

    /// <summary>The payload as JSON. Its exact bytes are at /v1/events/{event_id}/payload.</summary>
    public required RawJson Payload { get; init; }

    /// <summary>One delivery for each endpoint that it goes to.</summary>
    public required IReadOnlyList<DeliveryBody> Deliveries { get; init; }
}
