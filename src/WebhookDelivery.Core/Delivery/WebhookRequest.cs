namespace WebhookDelivery.Core;

/// <summary>One HTTP exchange to be made: already signed, ready to go.</summary>
public sealed record WebhookRequest
{
    /// <summary>Whose breaker and connection limits apply.</summary>
    public required EndpointKey Endpoint { get; init; }

    /// <summary>Where to.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// The body, byte for byte. Its memory must never be reused: a write may still be winding down
    /// after a timeout.
    /// </summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Every header but Host, Content-Type, Content-Length and User-Agent, which are the sender's.
    /// </summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The total deadline, from resolving the host to the end of the response's head. At most 30 s.</summary>
    public required TimeSpan Timeout { get; init; }
}
