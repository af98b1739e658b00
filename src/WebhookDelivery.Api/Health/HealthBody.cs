namespace WebhookDelivery.Api;

/// <summary>The answer of a healthy service.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthBody([property: OneOf("live", "ready")] string Status);
