using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>An opened signing secret.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="ExpiresAt">When it stops signing, or stopped; null for the current one.</param>
public sealed record LiveSecret(SigningSecret Secret, DateTimeOffset? ExpiresAt)
{
    /// <inheritdoc cref="EndpointSecret.Retired"/>
    public bool Retired { get; init; }

    /// <summary>Whether it signs at this time.</summary>
    public bool SignsAt(DateTimeOffset now) => !Retired && (ExpiresAt is not { } end || end > now);
}
