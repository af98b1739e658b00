using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>
/// Writes 128-bit ids as 26 characters of Crockford base32, lower case, so that text order is
/// byte order (and so, for a UUIDv7, time order). Source: https://www.crockford.com/base32.html.
/// </summary>
internal static class Base32
{
    /// <summary>Characters that 128 bits take: 2 bits in the first, 5 in each of the other 25.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Format(string prefix, Guid value) =>
        string.Create(
            prefix.Length + Length,
            (prefix, value),
            static (text, state) =>
            {
                state.prefix.CopyTo(text);
                Span<byte> bytes = stackalloc byte[16];
                state.value.TryWriteBytes(bytes, bigEndian: true, out _);
                var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
                for (var i = text.Length - 1; i >= state.prefix.Length; i--)
                {
                    text[i] = Alphabet[(int)(bits & 31)];
                    bits >>= 5;
                }
            }
        );

    /// <summary>Strict: the exact prefix, 26 lower-case characters, no more than 128 bits.</summary>
    public static bool TryParse(string prefix, [NotNullWhen(true)] string? text, out Guid value)
    {
        value = default;
        if (
            text is null
            || text.Length != prefix.Length + Length
            || !text.StartsWith(prefix, StringComparison.Ordinal)
        )
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var character in text.AsSpan(prefix.Length))
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0 || bits >> 123 != 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }
}
