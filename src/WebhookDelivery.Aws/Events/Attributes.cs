using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Attribute values that only events have, beside <see cref="DynamoItem"/>.</summary>
internal static class Attributes
{
    /// <summary>Ids joined by commas; null for none.</summary>
    public static AttributeValue? Of(IReadOnlyList<EndpointId> endpoints) =>
        endpoints.Count == 0 ? null : string.Join(',', endpoints).ToAttribute();

    /// <summary>The ids that <see cref="Of"/> joined; empty where there are none.</summary>
    public static IReadOnlyList<EndpointId> Endpoints(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.TextOrNull(name) is { } joined ? [.. joined.Split(',').Select(Parse)] : [];

    /// <summary>The ids of a set; empty where there is none.</summary>
    public static IReadOnlyList<EndpointId> EndpointSet(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.TryGetValue(name, out var set) && set.SS is { } ids ? [.. ids.Select(Parse)] : [];

    /// <summary>The bytes; empty where there are none.</summary>
    public static ReadOnlyMemory<byte> BytesOrNone(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.ContainsKey(name) ? item.Bytes(name) : default(ReadOnlyMemory<byte>);

    /// <summary>Adds an attribute unless it has no value.</summary>
    public static void Put(
        this Dictionary<string, AttributeValue> item,
        string name,
        AttributeValue? value
    )
    {
        if (value is not null)
        {
            item.Add(name, value);
        }
    }

    /// <summary>The time as it is stored: whole milliseconds.</summary>
    public static DateTimeOffset InWholeMs(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static EndpointId Parse(string text) =>
        EndpointId.TryParse(text, out var id)
            ? id
            : throw new FormatException("Not an endpoint id.");
}
