namespace WebhookDelivery.Core;

/// <summary>An event, and why it went where it went.</summary>
/// <param name="Stored">The event with its deliveries.</param>
/// <param name="Endpoints">
/// A verdict on each endpoint that its tenant has, or had since the event was posted, by id; and on those
/// that were deleted shortly before.
/// </param>
public sealed record EventExplanation(
    StoredEvent Stored,
    IReadOnlyList<EndpointExplanation> Endpoints
);
