namespace WebhookDelivery.Core;

/// <summary>An API key as it is stored: a hash of its secret, never the secret.</summary>
public sealed record ApiKey
{
    /// <summary>The part of the key that names it: 16 characters of Crockford base32.</summary>
    public required string Id { get; init; }

    /// <summary>What it may do.</summary>
    public required ApiKeyRole Role { get; init; }

    /// <summary>Whose it is; null for an operator's key.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>SHA-256 of the whole key; 32 bytes. Its 256 random bits need no slow hash.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>What it is for, in the tenant's words; null if not said.</summary>
    public string? Description { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked; null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
