using System.Diagnostics.CodeAnalysis;
using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>Reads and writes items by <see cref="Attributes"/>: what they must have, and what they may.</summary>
internal static class DynamoItem
{
    /// <exception cref="InvalidDataException">There is no text of that name.</exception>
    public static string RequiredText(this Dictionary<string, AttributeValue> item, string name) =>
        item.Text(name) ?? throw Missing(name);

    /// <exception cref="InvalidDataException">There is no number of that name.</exception>
    public static long RequiredNumber(this Dictionary<string, AttributeValue> item, string name) =>
        item.Number(name) ?? throw Missing(name);

    /// <inheritdoc cref="RequiredNumber"/>
    public static int RequiredInt32(this Dictionary<string, AttributeValue> item, string name) =>
        checked((int)item.RequiredNumber(name));

    /// <inheritdoc cref="RequiredNumber"/>
    public static DateTimeOffset RequiredTime(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.Time(name) ?? throw Missing(name);

    /// <exception cref="InvalidDataException">There are no bytes of that name.</exception>
    public static ReadOnlyMemory<byte> RequiredBytes(
        this Dictionary<string, AttributeValue> item,
        string name
    ) => item.Bytes(name) is { IsEmpty: false } bytes ? bytes : throw Missing(name);

    /// <summary>Adds an attribute, or leaves it out where the value is null.</summary>
    public static void PutIfAny(
        this Dictionary<string, AttributeValue> item,
        string name,
        string? text
    ) => item.Put(name, text is null ? null : Attributes.Of(text));

    /// <summary>Adds an attribute, or leaves it out where the value is null.</summary>
    public static void PutIfAny(
        this Dictionary<string, AttributeValue> item,
        string name,
        DateTimeOffset? time
    ) => item.Put(name, time is { } known ? Attributes.Of(known) : null);

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
        new($"A stored item has no `{name}` of the expected type.");
}
