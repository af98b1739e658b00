namespace WebhookDelivery.Api;

/// <summary>The answer to an event that was accepted.</summary>
internal sealed record AcceptedBody
{
    /// <summary>The event's id; also the webhook-id that receivers see.</summary>
    public required string EventId { get; init; }

    /// <summary>PENDING, or UNROUTED if no endpoint takes events of this type.</summary>
    [OneOf("PENDING", "UNROUTED")]
    public required string Status { get; init; }

    /// <summary>The endpoints that it goes to.</summary>
    public required IReadOnlyList<string> EndpointIds { get; init; }
}
