namespace WebhookDelivery.Core;

/// <summary>What a receiver got, and what it has: the case that the doctor looks at. Validated already.</summary>
public sealed record SignatureCase
{
    /// <summary>The endpoint that it came to.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>The headers received, in order; names in any case, and any others beside those that sign.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body as the receiver verified it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When the receiver got it; null for now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The secret that the receiver has; null if not told.</summary>
    public string? Secret { get; init; }

    /// <summary>The signature that the receiver computed; null if not told.</summary>
    public string? ComputedSignature { get; init; }

    /// <summary>How far a timestamp may be from when it was received, either way; default 5 minutes.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);
}
