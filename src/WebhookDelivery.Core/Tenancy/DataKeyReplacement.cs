namespace WebhookDelivery.Core;

/// <summary>The same data key of a tenant in another wrapping.</summary>
/// <param name="Seen">As it was read: the wrapping to be replaced.</param>
/// <param name="Wrapped">The new wrapping.</param>
public sealed record DataKeyReplacement(TenantDataKey Seen, ReadOnlyMemory<byte> Wrapped);
