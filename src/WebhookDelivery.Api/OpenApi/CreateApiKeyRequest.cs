namespace WebhookDelivery.Api;

/// <summary>A further API key.</summary>
internal sealed record CreateApiKeyRequest
{
    /// <summary>What it is for, at most 200 characters.</summary>
    public string? Description { get; init; }
}
