namespace WebhookDelivery.Core;

/// <summary>
/// Compares JSON numbers by their exact value, however they are spelt: 1, 1.0 and 10e-1 are one
/// number, and no two that differ are taken for one by rounding.
/// </summary>
internal static class JsonNumber
{
    /// <summary>An exponent beyond this counts as this: farther than any number of digits can make up for.</summary>
    private const long ExponentMax = 1_000_000_000_000_000;

    /// <summary>Below 0, 0 or above 0; null if one is longer than <see cref="PayloadFilter.TextLengthMax"/>.</summary>
    /// <param name="left">A valid JSON number.</param>
    /// <param name="right">Another.</param>
    public static int? Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (Math.Max(left.Length, right.Length) > PayloadFilter.TextLengthMax)
        {
            return null;
        }

        Span<byte> leftRoom = stackalloc byte[left.Length];
        Span<byte> rightRoom = stackalloc byte[right.Length];
        var a = Read(left, leftRoom);
        var b = Read(right, rightRoom);
        if (a.Sign != b.Sign)
        {
            return a.Sign.CompareTo(b.Sign);
        }

        var size = a.Magnitude.CompareTo(b.Magnitude);
        return a.Sign * (size != 0 ? size : Math.Sign(a.Digits.SequenceCompareTo(b.Digits)));
    }

    /// <summary>Reads 0.[digits] times ten to the magnitude; digits neither begin nor end with 0.</summary>
    private static Parts Read(ReadOnlySpan<byte> text, Span<byte> room)
    {
        var negative = text[0] == '-';
        text = negative ? text[1..] : text;
        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = mark < 0 ? 0 : ReadExponent(text[(mark + 1)..]);
        var number = mark < 0 ? text : text[..mark];
        var point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        whole.CopyTo(room);
        var length = whole.Length;
        if (point >= 0)
        {
            number[(point + 1)..].CopyTo(room[length..]);
            length += number.Length - point - 1;
        }

        var all = room[..length];
        var zeros = all.IndexOfAnyExcept((byte)'0');
        return zeros < 0
            ? new Parts(0, 0, [])
            : new Parts(
                negative ? -1 : 1,
                whole.Length - zeros + exponent,
                all[zeros..].TrimEnd((byte)'0')
            );
    }

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        var exponent = 0L;
        foreach (var digit in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text)
        {
            exponent = Math.Min(exponent * 10 + (digit - '0'), ExponentMax);
        }

        return negative ? -exponent : exponent;
    }

    private readonly ref struct Parts(int sign, long magnitude, ReadOnlySpan<byte> digits)
    {
        public int Sign { get; } = sign;

        public long Magnitude { get; } = magnitude;

        public ReadOnlySpan<byte> Digits { get; } = digits;
    }
}
