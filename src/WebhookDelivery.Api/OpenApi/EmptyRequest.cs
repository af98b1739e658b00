namespace WebhookDelivery.Api;

/// <summary>No members: an empty object, or no body at all.</summary>
internal sealed record EmptyRequest;
