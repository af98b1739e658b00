using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>
/// Which events an endpoint gets, by what is in their payloads: conditions on fields, joined by and,
/// or and not. Never throws for a payload, whatever is in it; its work is bounded by the payload's
/// length. Immutable, thread-safe, compared by its JSON.
/// </summary>
/// <remarks>
/// A node is one of <c>{"and":[…]}</c>, <c>{"or":[…]}</c>, <c>{"not":{…}}</c> and a condition
/// <c>{"field":"data.total","gte":100}</c>. What a condition says of a field that is missing, of
/// members given twice and of text that is no Unicode: docs/filters.md.
/// </remarks>
public sealed class PayloadFilter : IEquatable<PayloadFilter>
{
    /// <summary>Most conditions, inclusive.</summary>
    public const int ConditionsMax = 50;

    /// <summary>Most nodes within each other, inclusive; a condition alone is one.</summary>
    public const int DepthMax = 5;

    /// <summary>Most values of an <c>in</c> or <c>not_in</c>, inclusive; at least one.</summary>
    public const int ValuesMax = 100;

    /// <summary>Most characters of a field's name, a text and a number, inclusive.</summary>
    public const int TextLengthMax = 500;

    /// <summary>Most steps from the payload to a field, inclusive.</summary>
    public const int FieldStepsMax = 20;

    /// <summary>Most bytes of the whole as JSON without white space, inclusive: 4 KiB.</summary>
    public const int BytesMax = 4096;

    /// <summary>Most faults that are told of one filter, inclusive; then one more says so.</summary>
    public const int FaultsMax = 100;

    private static readonly JsonWriterOptions s_writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly byte[] _json;

    private PayloadFilter(FilterNode root, byte[] json)
    {
        Root = root;
        _json = json;
    }

    /// <summary>It as JSON in UTF-8, members as they were given, without white space.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    internal FilterNode Root { get; }

    /// <summary>
    /// Reads a filter. Null if <paramref name="faults"/> has any: then it has every one, or of more than
    /// <see cref="FaultsMax"/> the first.
    /// </summary>
    public static PayloadFilter? Parse(
        JsonElement element,
        out IReadOnlyList<PayloadFilterFault> faults
    )
    {
        var parser = new PayloadFilterParser();
        var root = parser.Parse(element);
        faults = parser.Faults;
        if (root is null || faults.Count > 0)
        {
            return null;
        }

        var json = Compact(element);
        if (json.Length <= BytesMax)
        {
            return new PayloadFilter(root, json);
        }

        faults = [new PayloadFilterFault("", $"May have at most {BytesMax} bytes as JSON.")];
        return null;
    }

    /// <summary>Whether a payload passes. One that is no JSON has no field.</summary>
    public bool Matches(ReadOnlySpan<byte> payload)
    {
        using var values = new FieldTree([this]).Read(payload);
        return Root.Matches(in values);
    }

    /// <summary>
    /// Why a payload does not pass: the first condition that fails, in words, with the beginning of
    /// the value that it failed on. Null if it passes.
    /// </summary>
    public string? Explain(ReadOnlySpan<byte> payload)
    {
        using var values = new FieldTree([this]).Read(payload);
        return Root.Matches(in values) ? null : Root.Explain(in values, "filter");
    }

    /// <inheritdoc/>
    public bool Equals(PayloadFilter? other) =>
        other is not null && _json.AsSpan().SequenceEqual(other._json);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PayloadFilter);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_json);
        return hash.ToHashCode();
    }

    private static byte[] Compact(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
        {
            element.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
