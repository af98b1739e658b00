using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>An opened signing secret and when it stops signing (null: it is the current one).</summary>
public sealed record LiveSecret(SigningSecret Secret, DateTimeOffset? ExpiresAt);
