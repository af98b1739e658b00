using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>Why an event went, or did not go, to each endpoint of its tenant.</summary>
internal sealed record ExplanationBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>Its type; null if it has none.</summary>
    public required string? Type { get; init; }

    /// <summary>Where it stands, derived from its deliveries.</summary>
    [OneOf(typeof(EventStatus))]
    public required string Status { get; init; }

    /// <summary>What caused it.</summary>
    [OneOf(typeof(EventSource))]
    public required string Source { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The state of the tenant's endpoints that it was routed by; it grows with every change of one.</summary>
    public required long RoutingRevision { get; init; }

    /// <summary>
    /// A verdict on every endpoint that the tenant has, or had when the event was posted or since, by id;
    /// and on those that were deleted within a day before.
    /// </summary>
    public required IReadOnlyList<EndpointExplanationBody> Endpoints { get; init; }

    public static ExplanationBody Of(EventExplanation explanation)
    {
        var posted = explanation.Stored.Event;
        return new ExplanationBody
        {
            EventId = posted.Id.ToString(),
            Type = posted.Type,
            Status = explanation.Stored.Status.ToCode(),
            Source = posted.Source.ToCode(),
            CreatedAt = posted.CreatedAt,
            RoutingRevision = posted.RoutingRevision,
            Endpoints = [.. explanation.Endpoints.Select(EndpointExplanationBody.Of)],
        };
    }
}
