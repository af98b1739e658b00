namespace WebhookDelivery.Core;

/// <summary>A tenant's `Idempotency-Key` with what it stands for.</summary>
/// <param name="Key">The key, 1–255 characters.</param>
/// <param name="BodyHash">SHA-256 of the request's body (and of its event type, if a header gave it).</param>
/// <param name="ExpiresAt">When the key may stand for something else, exclusive.</param>
public sealed record IdempotencyClaim(
    string Key,
    ReadOnlyMemory<byte> BodyHash,
    DateTimeOffset ExpiresAt
);
