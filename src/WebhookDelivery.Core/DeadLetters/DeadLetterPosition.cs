namespace WebhookDelivery.Core;

/// <summary>A place in the list of dead letters: newest event first, then by endpoint id.</summary>
public readonly record struct DeadLetterPosition(EventId EventId, EndpointId EndpointId);
