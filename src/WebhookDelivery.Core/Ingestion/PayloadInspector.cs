using System.Text.Json;
using System.Text.Unicode;

namespace WebhookDelivery.Core;

/// <summary>
/// Checks that a payload is one JSON object (RFC 8259, UTF-8, no comments, at most 64 levels deep)
/// and finds the type it states, in one pass without building a document.
/// </summary>
public static class PayloadInspector
{
    /// <summary>Most levels of objects and arrays in each other, inclusive; the payload itself is the first.</summary>
    public const int DepthMax = 64;

    /// <summary>Members that may state the type, the first in this order that holds a type winning.</summary>
    private static readonly byte[][] TypeMembers =
    [
        "type"u8.ToArray(),
        "event_type"u8.ToArray(),
        "event"u8.ToArray(),
    ];

    private static readonly PayloadInspection.Valid Untyped = new((string?)null);

    private static readonly PayloadInspection.Invalid TooDeep = new(
        $"The payload is nested deeper than {DepthMax} levels."
    );

    /// <summary>One level more than is allowed, so that the reader can be asked whether it is used.</summary>
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = DepthMax + 1 };

    /// <summary>Inspects a payload.</summary>
    /// <param name="payload">The bytes, as they came.</param>
    public static PayloadInspection Inspect(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return new PayloadInspection.Invalid("The payload is not valid UTF-8.");
        }

        try
        {
            var reader = new Utf8JsonReader(payload, Reading);
            return !reader.Read() || reader.TokenType != JsonTokenType.StartObject
                ? new PayloadInspection.Invalid("The payload must be a JSON object.")
                : InspectObject(ref reader);
        }
        catch (JsonException exception)
        {
            return new PayloadInspection.Invalid(
                $"The payload is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})."
            );
        }
    }

    private static PayloadInspection InspectObject(ref Utf8JsonReader reader)
    {
        string? type = null;
        var best = TypeMembers.Length;
        while (reader.Read())
        {
            if (IsTooDeep(ref reader))
            {
                return TooDeep;
            }

            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }

            var rank = Rank(ref reader);
            reader.Read();
            if (rank >= best || reader.TokenType != JsonTokenType.String)
            {
                continue;
            }

            if (
                !EscapesSurrogates(ref reader)
                && reader.GetString() is { } text
                && EventTypeFilter.IsType(text)
            )
            {
                type = text;
                best = rank;
            }
        }

        return type is null ? Untyped : new PayloadInspection.Valid(type);
    }

    /// <summary>Whether a level begins that is one too many; its own start counts for the level above.</summary>
    private static bool IsTooDeep(ref Utf8JsonReader reader) =>
        reader.CurrentDepth == DepthMax
        && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private static int Rank(ref Utf8JsonReader reader)
    {
        if (EscapesSurrogates(ref reader))
        {
            return TypeMembers.Length;
        }

        for (var rank = 0; rank < TypeMembers.Length; rank++)
        {
            if (reader.ValueTextEquals(TypeMembers[rank]))
            {
                return rank;
            }
        }

        return TypeMembers.Length;
    }

    /// <summary>
    /// Whether the text has an escape from \ud800 to \udfff. Such a text is neither a type nor one of
    /// the members above, and the reader throws when asked for one whose surrogates have no partner.
    /// </summary>
    private static bool EscapesSurrogates(ref Utf8JsonReader reader)
    {
        var text = reader.ValueIsEscaped ? reader.ValueSpan : [];
        while (text.IndexOf((byte)'\\') is >= 0 and var at)
        {
            if (text[at + 1] == 'u' && (text[at + 2] | 0x20) == 'd' && text[at + 3] >= '8')
            {
                return true;
            }

            text = text[(at + 2)..];
        }

        return false;
    }
}
