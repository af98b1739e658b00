namespace WebhookDelivery.Core;

/// <summary>
/// All text that a response leaves, in pieces that each end with a zero: the excerpt, then name and
/// value of each header. No payload holds a zero, so that nothing is found across two pieces. Pure.
/// </summary>
internal static class RecordedText
{
    private static ReadOnlySpan<byte> Marker => "[redacted]"u8;

    /// <summary>Lays the text out.</summary>
    public static byte[] Of(AttemptOutcome outcome)
    {
        var excerpt = outcome.ResponseExcerpt.Span;
        var lines = outcome.ResponseHeaders.Lines.Span;
        var text = new byte[excerpt.Length + 1 + lines.Length];
        excerpt.CopyTo(text);
        lines.CopyTo(text.AsSpan(excerpt.Length + 1));

        // As long as before: what is marked here is marked there.
        var header = text.AsSpan(excerpt.Length + 1);
        while (!header.IsEmpty)
        {
            var end = header.IndexOf((byte)'\n');
            var line = end < 0 ? header : header[..end];
            var name = ResponseHeaders.NameLength(line);
            line[name..Math.Min(line.Length, name + 2)].Clear();
            header[line.Length..Math.Min(header.Length, line.Length + 1)].Clear();
            header = end < 0 ? [] : header[(end + 1)..];
        }

        return text;
    }

    /// <summary>
    /// The outcome with a marker for each stretch of marked text. It may be longer for it, and is cut to
    /// the bounds again.
    /// </summary>
    public static AttemptOutcome Rewrite(AttemptOutcome outcome, ReadOnlySpan<bool> marks)
    {
        var excerpt = outcome.ResponseExcerpt.Span;
        return outcome with
        {
            ResponseExcerpt = Rewrite(
                excerpt,
                marks[..excerpt.Length],
                AttemptOutcome.ResponseExcerptBytesMax
            ),
            ResponseHeaders = Rewrite(outcome.ResponseHeaders, marks[(excerpt.Length + 1)..]),
        };
    }

    private static ResponseHeaders Rewrite(ResponseHeaders headers, ReadOnlySpan<bool> marks)
    {
        var rewritten = new List<byte>();
        var lines = headers.Lines.Span;
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            var of = marks[range];
            if (line.IsEmpty)
            {
                continue;
            }

            var name = ResponseHeaders.NameLength(line);
            var value = Math.Min(line.Length, name + 2);
            rewritten.AddRange(Rewrite(line[..name], of[..name], name + Marker.Length));
            rewritten.AddRange(line[name..value]);
            rewritten.AddRange(Rewrite(line[value..], of[value..], ResponseHeaders.ValueBytesMax));
            rewritten.Add((byte)'\n');
        }

        return ResponseHeaders.OfLines(rewritten.ToArray()).Within(ResponseHeaders.BytesMax);
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> text, ReadOnlySpan<bool> marks, int bytesMax)
    {
        var rewritten = new List<byte>(bytesMax);
        while (!text.IsEmpty)
        {
            var isMarked = marks[0];
            var other = marks.IndexOf(!isMarked);
            var length = other < 0 ? text.Length : other;
            rewritten.AddRange(isMarked ? Marker : text[..length]);
            text = text[length..];
            marks = marks[length..];
        }

        return [.. rewritten.Take(bytesMax)];
    }
}
