namespace WebhookDelivery.Core;

/// <summary>A text encrypted under a tenant's data key, bound to where and in which version it stands.</summary>
/// <param name="Version">The version that is part of its associated data.</param>
/// <param name="Bytes">Nonce, ciphertext and tag, as the protector made them.</param>
public sealed record SealedValue(int Version, ReadOnlyMemory<byte> Bytes);
