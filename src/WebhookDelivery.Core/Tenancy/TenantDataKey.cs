namespace WebhookDelivery.Core;

/// <summary>A tenant's data key as it is stored: wrapped, useless without the key that wraps it.</summary>
/// <param name="TenantId">Whose it is; bound into the wrapping.</param>
/// <param name="Wrapped">The wrapped key.</param>
public sealed record TenantDataKey(TenantId TenantId, ReadOnlyMemory<byte> Wrapped);
