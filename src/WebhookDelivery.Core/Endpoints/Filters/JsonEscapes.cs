using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Takes the escapes out of a JSON text. Where the framework throws, for half a surrogate pair, this
/// reads U+FFFD, as most parsers do: no payload can make it fail.
/// </summary>
internal static class JsonEscapes
{
    /// <summary>The text in UTF-8; what does not fit is cut off.</summary>
    /// <param name="raw">A valid JSON text without its quotes.</param>
    /// <param name="room">Where to write, if there is an escape; at least 4 bytes.</param>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw, Span<byte> room)
    {
        var plain = raw.IndexOf((byte)'\\');
        if (plain < 0)
        {
            return raw;
        }

        var written = 0;
        while (raw.Length > 0)
        {
            if (plain != 0)
            {
                var run = plain < 0 ? raw : raw[..plain];
                var fitting = Math.Min(run.Length, room.Length - written);
                run[..fitting].CopyTo(room[written..]);
                written += fitting;
                raw = raw[run.Length..];
            }
            else
            {
                var rune = ReadEscape(ref raw);
                if (!rune.TryEncodeToUtf8(room[written..], out var bytes))
                {
                    break;
                }

                written += bytes;
            }

            if (written == room.Length)
            {
                break;
            }

            plain = raw.IndexOf((byte)'\\');
        }

        return room[..written];
    }

    private static Rune ReadEscape(ref ReadOnlySpan<byte> raw)
    {
        var kind = raw[1];
        if (kind != 'u')
        {
            raw = raw[2..];
            return new Rune(
                kind switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)kind,
                }
            );
        }

        var unit = ReadUnit(raw);
        raw = raw[6..];
        if (char.IsHighSurrogate(unit) && raw is [(byte)'\\', (byte)'u', ..])
        {
            if (Rune.TryCreate(unit, ReadUnit(raw), out var pair))
            {
                raw = raw[6..];
                return pair;
            }
        }

        return Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar;
    }

    /// <summary>The number of `\uXXXX`.</summary>
    private static char ReadUnit(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        foreach (var digit in escape[2..6])
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }
}
