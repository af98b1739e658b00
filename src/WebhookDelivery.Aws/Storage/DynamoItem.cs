using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>Writes and reads attributes of items. Times are whole Unix milliseconds.</summary>
internal static class DynamoItem
{
    public static AttributeValue ToAttribute(this string text) => new() { S = text };

    public static AttributeValue ToAttribute(this long number) =>
        new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue ToAttribute(this int number) => ((long)number).ToAttribute();

    public static AttributeValue ToAttribute(this DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds().ToAttribute();

    public static AttributeValue ToAttribute(this ReadOnlyMemory<byte> bytes) =>
        new() { B = new MemoryStream(bytes.ToArray(), writable: false) };

    /// <summary>Sets an attribute, or leaves it out where the value is null.</summary>
    public static void SetIfAny(
        this Dictionary<string, AttributeValue> item,
        string name,
        string? text
    )
    {
        if (text is not null)
        {
            item[name] = text.ToAttribute();
        }
    }

    /// <summary>Sets an attribute, or leaves it out where the value is null.</summary>
    public static void SetIfAny(
        this Dictionary<string, AttributeValue> item,
        string name,
        DateTimeOffset? time
    )
    {
        if (time is { } known)
        {
            item[name] = known.ToAttribute();
        }
    }

    /// <summary>Sets an attribute, or leaves it out where the value is null.</summary>
    public static void SetIfAny(
        this Dictionary<string, AttributeValue> item,
        string name,
        long? number
    )
    {
        if (number is { } known)
        {
            item[name] = known.ToAttribute();
        }
    }

    public static string Text(this Dictionary<string, AttributeValue> item, string name) =>
        item.TextOrNull(name) ?? throw Missing(name);

    public static string? TextOrNull(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) ? value.S : null;

    public static long Int64(this Dictionary<string, AttributeValue> item, string name) =>
        item.Int64OrNull(name) ?? throw Missing(name);

    public static long? Int64OrNull(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.N is { } number
            ? long.Parse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : null;

    public static int Int32(this Dictionary<string, AttributeValue> item, string name) =>
        checked((int)item.Int64(name));

    public static DateTimeOffset Time(this Dictionary<string, AttributeValue> item, string name) =>
        item.TimeOrNull(name) ?? throw Missing(name);

    public static DateTimeOffset? TimeOrNull(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.Int64OrNull(name) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public static byte[] Bytes(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value) && value.B is { } stream
            ? stream.ToArray()
            : throw Missing(name);

    /// <summary>Names for an expression: `#name` for each, as DynamoDB reserves many words.</summary>
    public static Dictionary<string, string> Names(params ReadOnlySpan<string> names)
    {
        var aliases = new Dictionary<string, string>(names.Length, StringComparer.Ordinal);
        foreach (var name in names)
        {
            aliases[$"#{name}"] = name;
        }

        return aliases;
    }

    /// <summary>False where DynamoDB found nothing, however the SDK says it.</summary>
    public static bool IsFound([NotNullWhen(true)] Dictionary<string, AttributeValue>? item) =>
        item is { Count: > 0 };

    private static InvalidDataException Missing(string name) =>
        new($"A stored item has no attribute `{name}` of the expected type.");
}
