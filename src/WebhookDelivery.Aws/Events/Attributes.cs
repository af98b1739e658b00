using System.Globalization;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Reads and makes attribute values: text, whole numbers, bytes, ids in a row.</summary>
internal static class Attributes
{
    public static AttributeValue Of(string text) => new() { S = text };

    public static AttributeValue Of(long number) =>
        new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Of(DateTimeOffset time) => Of(time.ToUnixTimeMilliseconds());

    /// <summary>Bytes, not none: DynamoDB tells an empty value from an absent one, and nobody needs it.</summary>
    public static AttributeValue Of(ReadOnlyMemory<byte> bytes) =>
        new() { B = new MemoryStream(bytes.ToArray()) };

    /// <summary>Ids joined by commas; null for none.</summary>
    public static AttributeValue? Of(IReadOnlyList<EndpointId> endpoints) =>
        endpoints.Count == 0 ? null : Of(string.Join(',', endpoints));

    public static string? Text(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) ? value.S : null;

    public static long? Number(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value)
            ? long.Parse(value.N, CultureInfo.InvariantCulture)
            : null;

    public static DateTimeOffset? Time(this Dictionary<string, AttributeValue> item, string name) =>
        item.Number(name) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>The bytes; empty where there are none.</summary>
    public static ReadOnlyMemory<byte> Bytes(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.TryGetValue(name, out var value) ? value.B.ToArray() : default;

    /// <summary>The ids, in order; empty where there are none.</summary>
    public static IReadOnlyList<EndpointId> Endpoints(
        this Dictionary<string, AttributeValue> item,
        string name
    ) =>
        item.Text(name) is { } joined
            ?
            [
                .. joined
                    .Split(',')
                    .Select(text =>
                        EndpointId.TryParse(text, out var id)
                            ? id
                            : throw new FormatException("Not an endpoint id.")
                    ),
            ]
            : [];

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
}
