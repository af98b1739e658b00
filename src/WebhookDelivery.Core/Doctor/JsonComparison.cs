using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace WebhookDelivery.Core;

/// <summary>
/// Says whether two texts are the same JSON, and how they differ if so. The same means: the same members,
/// items, texts and values of numbers, in whatever bytes.
/// </summary>
internal sealed class JsonComparison
{
    private static readonly JsonDocumentOptions s_reading = new()
    {
        MaxDepth = PayloadInspector.DepthMax + 1,
    };

    private JsonRewriting _found;

    private JsonComparison() { }

    /// <summary>How the received text rewrites what was sent; null if it is other JSON, or none.</summary>
    /// <param name="sent">Valid JSON.</param>
    /// <param name="received">Anything.</param>
    public static JsonRewriting? Find(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> received)
    {
        var found = JsonRewriting.None;
        if (received.Span.StartsWith("\uFEFF"u8))
        {
            found = JsonRewriting.ByteOrderMark;
            received = received[3..];
        }

        if (!TryParse(sent, out var before) || !TryParse(received, out var after))
        {
            return null;
        }

        if (after.ValueKind == JsonValueKind.String && before.ValueKind != JsonValueKind.String)
        {
            var text = JsonString.Unescape(Content(after));
            return text == Encoding.UTF8.GetString(sent.Span)
                ? found | JsonRewriting.TextInJson
                : null;
        }

        var comparison = new JsonComparison();
        if (!comparison.IsSame(before, after))
        {
            return null;
        }

        found |= comparison._found;
        return found | JsonSpacing.Compare(sent.Span, received.Span, found);
    }

    private static bool TryParse(ReadOnlyMemory<byte> json, out JsonElement root)
    {
        root = default;
        if (!Utf8.IsValid(json.Span))
        {
            return false;
        }

        try
        {
            root = JsonElement.Parse(json.Span, s_reading);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsSame(JsonElement before, JsonElement after) =>
        before.ValueKind == after.ValueKind
        && before.ValueKind switch
        {
            JsonValueKind.Object => IsSameObject(before, after),
            JsonValueKind.Array => IsSameArray(before, after),
            JsonValueKind.String => IsSameText(Content(before), Content(after)),
            JsonValueKind.Number => IsSameNumber(before.GetRawText(), after.GetRawText()),
            _ => true,
        };

    private bool IsSameArray(JsonElement before, JsonElement after)
    {
        if (before.GetArrayLength() != after.GetArrayLength())
        {
            return false;
        }

        var received = after.EnumerateArray().GetEnumerator();
        foreach (var item in before.EnumerateArray())
        {
            received.MoveNext();
            if (!IsSame(item, received.Current))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSameObject(JsonElement before, JsonElement after)
    {
        if (HaveNamesInOneOrder(before, after))
        {
            var received = after.EnumerateObject().GetEnumerator();
            foreach (var member in before.EnumerateObject())
            {
                received.MoveNext();
                if (!IsSameMember(member, received.Current))
                {
                    return false;
                }
            }

            return true;
        }

        // Out of order, or repeated: a parser keeps the last of those with one name.
        var sentLast = Last(before, out var sentCount);
        var receivedLast = Last(after, out var receivedCount);
        if (sentLast.Count != receivedLast.Count)
        {
            return false;
        }

        foreach (var (name, member) in sentLast)
        {
            if (!receivedLast.TryGetValue(name, out var other) || !IsSameMember(member, other))
            {
                return false;
            }
        }

        var isRepeated = sentLast.Count != sentCount || receivedLast.Count != receivedCount;
        _found |= isRepeated ? JsonRewriting.RepeatedMembers : JsonRewriting.KeyOrder;
        return true;
    }

    private bool IsSameMember(JsonProperty before, JsonProperty after)
    {
        _found |= RawName(before).SequenceEqual(RawName(after))
            ? JsonRewriting.None
            : JsonRewriting.Escapes;
        return IsSame(before.Value, after.Value);
    }

    /// <summary>Without remembering any name: an object of the largest size may have a million members.</summary>
    private static bool HaveNamesInOneOrder(JsonElement before, JsonElement after)
    {
        var received = after.EnumerateObject().GetEnumerator();
        foreach (var member in before.EnumerateObject())
        {
            if (
                !received.MoveNext()
                || (
                    !RawName(member).SequenceEqual(RawName(received.Current))
                    && JsonString.Unescape(RawName(member))
                        != JsonString.Unescape(RawName(received.Current))
                )
            )
            {
                return false;
            }
        }

        return !received.MoveNext();
    }

    private bool IsSameText(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
        {
            return true;
        }

        _found |= JsonRewriting.Escapes;
        return JsonString.Unescape(before) == JsonString.Unescape(after);
    }

    private bool IsSameNumber(string before, string after)
    {
        if (before == after)
        {
            return true;
        }

        if (!WrittenNumber.TryParse(after, out var received))
        {
            return false;
        }

        if (WrittenNumber.TryParse(before, out var sent) && sent == received)
        {
            _found |= JsonRewriting.NumberForms;
            return true;
        }

        _found |= JsonRewriting.NumberPrecision;
        return WrittenNumber.TryRound(before, out var rounded) && rounded == received;
    }

    private static Dictionary<string, JsonProperty> Last(JsonElement element, out int count)
    {
        var last = new Dictionary<string, JsonProperty>(StringComparer.Ordinal);
        count = 0;
        foreach (var member in element.EnumerateObject())
        {
            last[JsonString.Unescape(RawName(member))] = member;
            count++;
        }

        return last;
    }

    private static ReadOnlySpan<byte> RawName(JsonProperty member) =>
        JsonMarshal.GetRawUtf8PropertyName(member);

    private static ReadOnlySpan<byte> Content(JsonElement text) =>
        JsonMarshal.GetRawUtf8Value(text)[1..^1];
}
