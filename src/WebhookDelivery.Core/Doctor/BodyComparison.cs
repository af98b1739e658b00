using System.Text;

namespace WebhookDelivery.Core;

/// <summary>How a body received differs from the payload that was sent.</summary>
/// <param name="Rewriting">In which ways it is the same JSON in other bytes; null if it is not.</param>
/// <param name="DiffersAt">The first byte that differs, from 0.</param>
/// <param name="Cause">What became of it where it is other JSON, if that can be seen; null if not.</param>
internal sealed record BodyComparison(JsonRewriting? Rewriting, int DiffersAt, string? Cause)
{
    /// <summary>Compares two that differ.</summary>
    /// <param name="sent">The payload, valid JSON.</param>
    /// <param name="received">The body; anything else.</param>
    public static BodyComparison Of(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> received)
    {
        var rewriting = JsonComparison.Find(sent, received);
        return new BodyComparison(
            rewriting,
            sent.Span.CommonPrefixLength(received.Span),
            rewriting is null ? FindCause(sent.Span, received.Span) : null
        );
    }

    /// <summary>The ways, in words, such as <c>white space, key order</c>.</summary>
    public string Ways() =>
        string.Join(
            ", ",
            s_words.Where(each => Rewriting!.Value.HasFlag(each.Way)).Select(each => each.Words)
        );

    private static readonly (JsonRewriting Way, string Words)[] s_words =
    [
        (JsonRewriting.ByteOrderMark, "a byte order mark in front"),
        (JsonRewriting.TrailingNewline, "a newline or white space at the end"),
        (JsonRewriting.LineEndings, "line endings (CR LF)"),
        (JsonRewriting.WhiteSpace, "white space"),
        (JsonRewriting.KeyOrder, "key order"),
        (JsonRewriting.Escapes, "escapes in strings"),
        (JsonRewriting.NumberForms, "number forms"),
        (JsonRewriting.NumberPrecision, "digits of numbers that a double does not hold"),
        (JsonRewriting.RepeatedMembers, "members of the same name"),
        (JsonRewriting.TextInJson, "the whole JSON written as a text within JSON"),
    ];

    private static string? FindCause(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> received)
    {
        if (sent.StartsWith(received))
        {
            return $"It is cut off: {received.Length} of {sent.Length} bytes are there.";
        }

        if (received.StartsWith(sent))
        {
            return $"It has {received.Length - sent.Length} bytes behind what was sent.";
        }

        var text = Encoding.UTF8.GetString(sent);
        var isRecoded =
            received.SequenceEqual(Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(sent)))
            || received.SequenceEqual(Encoding.Latin1.GetBytes(text))
            || received.SequenceEqual(Encoding.ASCII.GetBytes(text))
            || received.SequenceEqual(Encoding.Unicode.GetBytes(text))
            || received.SequenceEqual(Encoding.BigEndianUnicode.GetBytes(text));
        return isRecoded ? "It was decoded or written in another character set than UTF-8." : null;
    }
}
