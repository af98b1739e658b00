using System.Text.Json.Nodes;

namespace WebhookDelivery.Testing;

/// <summary>A request that came to a <see cref="FaultProxy"/>.</summary>
public sealed record ProxiedRequest
{
    /// <summary>Such as POST.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// What is asked for: the last part of `X-Amz-Target`, such as SendMessageBatch or PutItem; empty
    /// where there is none, as with S3.
    /// </summary>
    public required string Operation { get; init; }

    /// <summary>The headers, each as one line.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body's bytes.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The body as JSON: a fresh tree at each call.</summary>
    public JsonObject Json() => JsonNode.Parse(Body)!.AsObject();
}
