namespace WebhookDelivery.Core;

/// <summary>Finds secrets, and beginnings of secrets, that are too short to be found by their runs. Pure.</summary>
internal static class ShortSecrets
{
    /// <summary>From so many bytes on, a secret is one wherever it stands; a shorter one only as a word.</summary>
    private const int AnywhereBytesMin = 8;

    /// <summary>Marks every place of a secret.</summary>
    /// <param name="text">Where to look: pieces, each ended by a zero.</param>
    /// <param name="secrets">What to look for.</param>
    /// <param name="marks">One for each byte of the text; what is secret becomes true.</param>
    /// <returns>Whether any was found.</returns>
    public static bool Mark(ReadOnlySpan<byte> text, byte[][] secrets, Span<bool> marks)
    {
        var any = false;
        foreach (var secret in secrets)
        {
            for (var from = 0; text[from..].IndexOf(secret) is >= 0 and var found; )
            {
                var place = from + found;
                if (secret.Length >= AnywhereBytesMin || IsWord(text, place, secret.Length))
                {
                    marks.Slice(place, secret.Length).Fill(true);
                    any = true;
                }

                from = place + 1;
            }
        }

        return any;
    }

    /// <summary>Marks the beginning of a secret, shorter than a run, in which a piece was cut off.</summary>
    /// <param name="text">Where to look: pieces, each ended by a zero.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="marks">One for each byte of the text; what is secret becomes true.</param>
    /// <returns>Whether any was found.</returns>
    public static bool MarkCutOff(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> secret,
        Span<bool> marks
    )
    {
        var any = false;
        var most = Math.Min(secret.Length, SharedRuns.Length) - 1;
        for (var end = text.IndexOf((byte)0); end >= 0; end = Next(text, end))
        {
            for (var length = Math.Min(most, end); length >= SecretTexts.BytesMin; length--)
            {
                if (text[..end].EndsWith(secret[..length]))
                {
                    marks.Slice(end - length, length).Fill(true);
                    any = true;
                    break;
                }
            }
        }

        return any;
    }

    private static int Next(ReadOnlySpan<byte> text, int end)
    {
        var next = text[(end + 1)..].IndexOf((byte)0);
        return next < 0 ? -1 : end + 1 + next;
    }

    private static bool IsWord(ReadOnlySpan<byte> text, int from, int length) =>
        !(from > 0 && IsWordByte(text[from - 1]))
        && !(from + length < text.Length && IsWordByte(text[from + length]));

    private static bool IsWordByte(byte value) =>
        char.IsAsciiLetterOrDigit((char)value) || value >= 0x80;
}
