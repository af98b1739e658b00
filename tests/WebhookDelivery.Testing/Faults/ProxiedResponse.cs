using System.Text;
using System.Text.Json.Nodes;

namespace WebhookDelivery.Testing;

/// <summary>What a <see cref="FaultProxy"/> answers.</summary>
public sealed record ProxiedResponse
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The headers, without those that the connection sets itself.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body's bytes.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The body as JSON: a fresh tree at each call.</summary>
    public JsonObject Json() => JsonNode.Parse(Body)!.AsObject();

    /// <summary>This response with another body, and without the checksum of the one it had.</summary>
    public ProxiedResponse With(JsonObject body) =>
        this with
        {
            Headers = Headers
                .Where(header =>
                    !header.Key.Equals("x-amz-crc32", StringComparison.OrdinalIgnoreCase)
                )
                .ToDictionary(StringComparer.OrdinalIgnoreCase),
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
        };
}
