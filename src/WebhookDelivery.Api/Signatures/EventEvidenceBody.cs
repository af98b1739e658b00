namespace WebhookDelivery.Api;

/// <summary>The event that a webhook's id names.</summary>
/// <param name="EventId">Its id.</param>
/// <param name="Known">Whether you have it.</param>
/// <param name="PayloadMatches">Whether the body is its payload, byte for byte; null if it is not known.</param>
internal sealed record EventEvidenceBody(string EventId, bool Known, bool? PayloadMatches);
