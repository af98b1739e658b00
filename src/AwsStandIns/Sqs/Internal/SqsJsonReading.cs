using System.Text.Json;
using Amazon.SQS.Model;

namespace Amazon.SQS.Internal;

/// <summary>Reads members of answers; what is absent is null.</summary>
internal static class SqsJsonReading
{
    public static string Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static bool? Truth(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.GetBoolean()
            : null;

    public static List<T> List<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var values) && values.ValueKind != JsonValueKind.Null
            ? [.. values.EnumerateArray().Select(read)]
            : Nothing<List<T>>();

    public static Dictionary<string, string> Map(this JsonElement json, string name) =>
        json.Map(name, static value => value.GetString());

    public static Dictionary<string, MessageAttributeValue> Attributes(this JsonElement json) =>
        json.Map("MessageAttributes", ReadAttribute);

    private static Dictionary<string, T> Map<T>(
        this JsonElement json,
        string name,
        Func<JsonElement, T> read
    ) =>
        json.TryGetProperty(name, out var values) && values.ValueKind != JsonValueKind.Null
            ? values
                .EnumerateObject()
                .ToDictionary(
                    member => member.Name,
                    member => read(member.Value),
                    StringComparer.Ordinal
                )
            : Nothing<Dictionary<string, T>>();

    private static MessageAttributeValue ReadAttribute(JsonElement json) =>
        new()
        {
            BinaryValue = json.TryGetProperty("BinaryValue", out var bytes)
                ? new MemoryStream(bytes.GetBytesFromBase64())
                : null,
            DataType = json.Text("DataType"),
            StringValue = json.Text("StringValue"),
        };

    private static T Nothing<T>()
        where T : class, new() => AWSConfigs.InitializeCollections ? new T() : null;
}
