using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Benchmarks;

/// <summary>Reads items as DynamoDB's JSON protocol writes them: `{"name":{"S":"value"}}`.</summary>
internal static class ItemJson
{
    public static Dictionary<string, AttributeValue> ReadItem(JsonObject item) =>
        item.ToDictionary(
            attribute => attribute.Key,
            attribute => Read(attribute.Value!),
            StringComparer.Ordinal
        );

    /// <exception cref="NotSupportedException">It is a set, of which the tables hold none.</exception>
    public static AttributeValue Read(JsonNode value)
    {
        var (type, content) = value.AsObject().Single();
        return type switch
        {
            "S" => new AttributeValue { S = content!.GetValue<string>() },
            "N" => new AttributeValue { N = content!.GetValue<string>() },
            "B" => new AttributeValue
            {
                B = new MemoryStream(Convert.FromBase64String(content!.GetValue<string>())),
            },
            "BOOL" => new AttributeValue { BOOL = content!.GetValue<bool>() },
            "NULL" => new AttributeValue { NULL = true },
            "L" => new AttributeValue
            {
                L = [.. content!.AsArray().Select(element => Read(element!))],
                IsLSet = true,
            },
            "M" => new AttributeValue { M = ReadItem(content!.AsObject()), IsMSet = true },
            _ => throw new NotSupportedException($"Attributes of type {type} are not read."),
        };
    }
}
