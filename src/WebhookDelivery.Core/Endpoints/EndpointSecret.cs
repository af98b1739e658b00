namespace WebhookDelivery.Core;

/// <summary>One signing secret of an endpoint, sealed.</summary>
/// <param name="Value">The sealed secret; its version is the secret's own, from 1.</param>
/// <param name="ExpiresAt">When it stops signing, exclusive; null for the current one.</param>
public sealed record EndpointSecret(SealedValue Value, DateTimeOffset? ExpiresAt);
