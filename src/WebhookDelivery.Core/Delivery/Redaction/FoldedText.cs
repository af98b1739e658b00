using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Text without what quoting adds to it, so that a payload is recognised in a response that quotes it
/// as a JSON string, in HTML or in a URL, or that writes the same JSON with other spacing. White space
/// and backslashes go; <c>\u0022</c>, <c>%22</c> and <c>&amp;quot;</c> become what they stand for. Pure.
/// </summary>
internal static class FoldedText
{
    /// <summary>Longest reference that is read, such as <c>&amp;#x1F600;</c>.</summary>
    private const int ReferenceBytesMax = 10;

    private static readonly SearchValues<byte> s_special = SearchValues.Create(" \t\r\n\\%&"u8);

    /// <summary>Folds a text that needs no way back.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> text)
    {
        var folded = new byte[text.Length];
        return folded[..Fold(text, folded, [])];
    }

    /// <summary>Folds a text, which never gets longer by it.</summary>
    /// <param name="text">What to fold.</param>
    /// <param name="folded">Takes the result; as long as the text.</param>
    /// <param name="origins">Takes where each byte comes from; as long as the text, or empty.</param>
    /// <returns>The length of the result.</returns>
    public static int Fold(ReadOnlySpan<byte> text, Span<byte> folded, Span<Range> origins)
    {
        var read = 0;
        var written = 0;
        while (read < text.Length)
        {
            var plain = text[read..].IndexOfAny(s_special);
            plain = plain < 0 ? text.Length - read : plain;
            text.Slice(read, plain).CopyTo(folded[written..]);
            for (var i = 0; i < plain && !origins.IsEmpty; i++)
            {
                origins[written + i] = new Range(read + i, read + i + 1);
            }

            read += plain;
            written += plain;
            if (read < text.Length)
            {
                var (taken, given) = Decode(text[read..], folded[written..]);
                for (var i = 0; i < given && !origins.IsEmpty; i++)
                {
                    origins[written + i] = new Range(read, read + taken);
                }

                read += taken;
                written += given;
            }
        }

        return written;
    }

    /// <summary>Reads what begins with a special byte; says how much of it, and what came of it.</summary>
    private static (int Taken, int Given) Decode(ReadOnlySpan<byte> text, Span<byte> folded)
    {
        switch (text[0])
        {
            case (byte)'\\':
                return DecodeEscape(text, folded);
            case (byte)'%' when text.Length >= 3 && TryHex(text[1..3], out var value):
                folded[0] = (byte)value;
                return (3, IsDropped(value) ? 0 : 1);
            case (byte)'&':
                return DecodeReference(text, folded);
            case (byte)'%':
                folded[0] = text[0];
                return (1, 1);
            default:
                return (1, 0);
        }
    }

    private static (int Taken, int Given) DecodeEscape(ReadOnlySpan<byte> text, Span<byte> folded)
    {
        if (!TryUnit(text, out var unit))
        {
            return (1, 0);
        }

        return
            char.IsHighSurrogate(unit)
            && TryUnit(text[6..], out var low)
            && Rune.TryCreate(unit, low, out var pair)
            ? (12, pair.EncodeToUtf8(folded))
            : (6, Write(unit, folded));
    }

    /// <summary>Reads <c>\uXXXX</c>.</summary>
    private static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 6 || !text.StartsWith("\\u"u8) || !TryHex(text[2..6], out var value))
        {
            return false;
        }

        unit = (char)value;
        return true;
    }

    private static (int Taken, int Given) DecodeReference(
        ReadOnlySpan<byte> text,
        Span<byte> folded
    )
    {
        var end = text[..Math.Min(text.Length, ReferenceBytesMax)].IndexOf((byte)';');
        var value = end < 0 ? null : ReferenceValue(text[1..end]);
        if (value is { } known)
        {
            return (end + 1, Write(known, folded));
        }

        folded[0] = text[0];
        return (1, 1);
    }

    private static int? ReferenceValue(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("#x"u8) || name.StartsWith("#X"u8))
        {
            return TryHex(name[2..], out var value) ? value : null;
        }

        if (name.StartsWith("#"u8))
        {
            return
                Utf8Parser.TryParse(name[1..], out int value, out var used)
                && used == name.Length - 1
                ? value
                : null;
        }

        return name.SequenceEqual("quot"u8) ? '"'
            : name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("apos"u8) ? '\''
            : null;
    }

    private static int Write(int value, Span<byte> folded) =>
        IsDropped(value) ? 0
        : Rune.TryCreate(value, out var rune) ? rune.EncodeToUtf8(folded)
        : 0;

    private static bool IsDropped(int value) => value is ' ' or '\t' or '\r' or '\n' or '\\';

    private static bool TryHex(ReadOnlySpan<byte> digits, out int value) =>
        int.TryParse(
            digits,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out value
        );
}
