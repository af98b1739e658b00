namespace WebhookDelivery.Api;

/// <summary>An API key just made.</summary>
internal sealed record ApiKeyCreatedBody
{
    /// <summary>The part of the key that names it.</summary>
    public required string KeyId { get; init; }

    /// <summary>The key, shown this once.</summary>
    public required string ApiKey { get; init; }

    /// <summary>What it is for; null if not said.</summary>
    public required string? Description { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
