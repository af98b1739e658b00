using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>An API key of a tenant; the key itself is never shown again.</summary>
internal sealed record ApiKeyBody
{
    /// <summary>The part of the key that names it.</summary>
    public required string KeyId { get; init; }

    /// <summary>What it is for; null if not said.</summary>
    public required string? Description { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked; null while it is good.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    public static ApiKeyBody Of(ApiKey key) =>
        new()
        {
            KeyId = key.Id,
            Description = key.Description,
            CreatedAt = key.CreatedAt,
            RevokedAt = key.RevokedAt,
        };
}
