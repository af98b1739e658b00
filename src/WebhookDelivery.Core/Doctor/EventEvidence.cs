namespace WebhookDelivery.Core;

/// <summary>What is known of the event that the webhook id names.</summary>
/// <param name="EventId">The id.</param>
/// <param name="Known">Whether the tenant has it; another tenant's is as unknown as one that never was.</param>
/// <param name="PayloadMatches">Whether the body is its payload, byte for byte; null if it is not known.</param>
public sealed record EventEvidence(EventId EventId, bool Known, bool? PayloadMatches);
