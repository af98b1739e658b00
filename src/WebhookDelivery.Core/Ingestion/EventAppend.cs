namespace WebhookDelivery.Core;

/// <summary>What to append: an event, where it goes, and the key it was posted under.</summary>
/// <param name="Event">The event.</param>
/// <param name="Endpoints">
/// The endpoints it is routed to, each to become a PENDING delivery of generation 1 that is due at
/// <see cref="Event.DeliverAt"/>, or at once. May be empty.
/// </param>
/// <param name="Idempotency">The key; null if it was posted without one.</param>
public sealed record EventAppend(
    Event Event,
    IReadOnlyList<EndpointId> Endpoints,
    IdempotencyClaim? Idempotency
);
