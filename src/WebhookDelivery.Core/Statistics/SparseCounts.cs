namespace WebhookDelivery.Core;

/// <summary>
/// Writes and reads rows of counts that are mostly zero: a version byte, then for each count above
/// zero how many zeros stand before it, and the count itself, both as LEB128.
/// </summary>
internal static class SparseCounts
{
    private const byte Version = 1;

    /// <summary>Most bytes of a number of 63 bits.</summary>
    private const int NumberBytesMax = 9;

    /// <summary>The counts as bytes; empty where all are zero.</summary>
    public static byte[] Write(ReadOnlySpan<long> counts)
    {
        var bytes = new List<byte>();
        var last = -1;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                if (bytes.Count == 0)
                {
                    bytes.Add(Version);
                }

                WriteNumber(bytes, i - last - 1);
                WriteNumber(bytes, counts[i]);
                last = i;
            }
        }

        return [.. bytes];
    }

    /// <summary>Adds counts that were written to others. What has no place among those is left out.</summary>
    /// <exception cref="InvalidDataException">The bytes were not written by <see cref="Write"/>.</exception>
    public static void Add(ReadOnlySpan<byte> bytes, Span<long> counts)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (bytes[0] != Version)
        {
            throw new InvalidDataException("Counts of a form that this program does not know.");
        }

        bytes = bytes[1..];
        var index = -1L;
        while (!bytes.IsEmpty)
        {
            index += 1 + ReadNumber(ref bytes);
            var count = ReadNumber(ref bytes);
            if (index >= 0 && index < counts.Length)
            {
                counts[(int)index] += count;
            }
        }
    }

    private static void WriteNumber(List<byte> bytes, long number)
    {
        while (number >= 0x80)
        {
            bytes.Add((byte)(number | 0x80));
            number >>= 7;
        }

        bytes.Add((byte)number);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var i = 0; i < NumberBytesMax && i < bytes.Length; i++)
        {
            number |= (bytes[i] & 0x7FL) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        throw new InvalidDataException("Counts that end in the midst of a number.");
    }
}
