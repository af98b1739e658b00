using System.Text;

namespace WebhookDelivery.Core;

/// <summary>Compares the white space between the tokens of two texts of the same JSON.</summary>
internal static class JsonSpacing
{
    /// <summary>How it differs.</summary>
    /// <param name="sent">Valid JSON.</param>
    /// <param name="received">The same JSON.</param>
    /// <param name="known">In what else they differ: white space moves with members that do.</param>
    public static JsonRewriting Compare(
        ReadOnlySpan<byte> sent,
        ReadOnlySpan<byte> received,
        JsonRewriting known
    )
    {
        var (before, beforeTail) = Read(sent);
        var (after, afterTail) = Read(received);
        var found = beforeTail == afterTail ? JsonRewriting.None : JsonRewriting.TrailingNewline;
        if (
            (known & (JsonRewriting.KeyOrder | JsonRewriting.RepeatedMembers)) != JsonRewriting.None
        )
        {
            before = InOneOrder(before);
            after = InOneOrder(after);
        }

        if (before == after)
        {
            return found;
        }

        return found
            | (
                before.Replace("\r\n", "\n", StringComparison.Ordinal)
                == after.Replace("\r\n", "\n", StringComparison.Ordinal)
                    ? JsonRewriting.LineEndings
                    : JsonRewriting.WhiteSpace
            );
    }

    /// <summary>
    /// The text with every string and primitive as one letter, so that only structure and white space are left;
    /// and the white space behind it.
    /// </summary>
    private static (string Inner, string Tail) Read(ReadOnlySpan<byte> json)
    {
        var inner = new StringBuilder();
        var inPrimitive = false;
        for (var i = 0; i < json.Length; i++)
        {
            var isSpace = json[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
            var isStructure =
                json[i]
                is (byte)'{'
                    or (byte)'}'
                    or (byte)'['
                    or (byte)']'
                    or (byte)':'
                    or (byte)',';
            if (json[i] == (byte)'"')
            {
                i = EndOfString(json, i);
                inner.Append('s');
            }
            else if (isSpace || isStructure)
            {
                inner.Append((char)json[i]);
            }
            else if (!inPrimitive)
            {
                inner.Append('p');
            }

            inPrimitive = json[i] != (byte)'"' && !isSpace && !isStructure;
        }

        var text = inner.ToString();
        var end = text.AsSpan().TrimEnd(" \t\r\n").Length;
        return (text[..end], text[end..]);
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        for (var i = start + 1; ; i++)
        {
            if (json[i] == (byte)'"')
            {
                return i;
            }

            i += json[i] == (byte)'\\' ? 1 : 0;
        }
    }

    /// <summary>The white space alone, sorted: how much of each there is.</summary>
    private static string InOneOrder(string inner) =>
        new([.. inner.Where(char.IsWhiteSpace).Order()]);
}
