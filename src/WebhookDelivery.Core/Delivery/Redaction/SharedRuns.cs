using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Core;

/// <summary>
/// Finds every run of <see cref="Length"/> bytes or more that a short text shares with others, be they
/// long. For one text at a time.
/// </summary>
/// <remarks>
/// A run of 16 bytes holds, wherever it begins, 8 bytes that begin at a multiple of 8. So only every
/// eighth place of the other is looked at, by a filter of all words of 8 bytes in the text; nearly
/// always that is all. Where one is really there, the nine runs around it are looked up in a sorted
/// list, which no choice of bytes makes slow: 1 MiB takes 131,072 looks, and never more than nine
/// searches of some ten steps for each.
/// </remarks>
internal sealed class SharedRuns
{
    /// <summary>What is shared by chance is shorter; what identifies somebody mostly is not.</summary>
    public const int Length = 16;

    private const int WordBytes = 8;

    /// <summary>Of the filter, for each word: one false alarm in so many looks.</summary>
    private const int FilterBitsPerWord = 64;

    private readonly byte[] _text;
    private readonly ulong[] _filter;
    private readonly int _shift;
    private UInt128[]? _runs;
    private ulong[] _runFilter = [];
    private int[] _places = [];
    private bool[] _found = [];

    public SharedRuns(byte[] text)
    {
        _text = text;
        var words = Math.Max(1, text.Length - WordBytes + 1);
        var bits = BitOperations.Log2(
            BitOperations.RoundUpToPowerOf2((uint)(words * FilterBitsPerWord))
        );
        _filter = new ulong[(1 << bits) / 64];
        _shift = 64 - bits;
        if (text.Length >= Length)
        {
            for (var i = 0; i + WordBytes <= text.Length; i++)
            {
                Set(_filter, Bit(Word(text, i)));
            }
        }
    }

    /// <summary>Marks what the text shares with another.</summary>
    /// <param name="other">The other.</param>
    /// <param name="marks">
    /// One for each byte of the text, the same ones in every call; what is shared becomes true.
    /// </param>
    /// <returns>Whether anything is shared.</returns>
    public bool Mark(ReadOnlySpan<byte> other, Span<bool> marks)
    {
        if (_text.Length < Length || other.Length < Length)
        {
            return false;
        }

        var any = false;
        var next = 0;
        for (var i = 0; i + WordBytes <= other.Length; i += WordBytes)
        {
            if (
                !IsSet(_filter, Bit(Word(other, i)))
                || !HoldsWord(other.Slice(i, WordBytes))
                || IsAsBefore(other, i)
            )
            {
                continue;
            }

            var last = Math.Min(i, other.Length - Length);
            for (next = Math.Max(next, i - WordBytes); next <= last; next++)
            {
                any |= MarkRun(other.Slice(next, Length), marks);
            }
        }

        return any;
    }

    /// <summary>
    /// Whether the runs around a place are those around the one before it, as in a long stretch of
    /// spaces or zeros.
    /// </summary>
    private static bool IsAsBefore(ReadOnlySpan<byte> other, int at) =>
        at >= Length
        && at + Length <= other.Length
        && other[(at - Length)..(at + WordBytes)]
            .SequenceEqual(other[(at - WordBytes)..(at + Length)]);

    private bool HoldsWord(ReadOnlySpan<byte> word) =>
        _runs is not null || _text.AsSpan().IndexOf(word) >= 0;

    private bool MarkRun(ReadOnlySpan<byte> run, Span<bool> marks)
    {
        var value = Run(run);
        var runs = _runs ??= Sort();
        if (!IsSet(_runFilter, Bit(value)))
        {
            return false;
        }

        var place = FirstNotBefore(runs, value);
        var isShared = place < runs.Length && runs[place] == value;

        // The list holds a run as often as the text does.
        for (; place < runs.Length && runs[place] == value && !_found[place]; place++)
        {
            _found[place] = true;
            marks.Slice(_places[place], Length).Fill(true);
        }

        return isShared;
    }

    private static int FirstNotBefore(UInt128[] runs, UInt128 value)
    {
        var (from, to) = (0, runs.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = runs[middle] < value ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private UInt128[] Sort()
    {
        var runs = new UInt128[_text.Length - Length + 1];
        _places = new int[runs.Length];
        _found = new bool[runs.Length];
        _runFilter = new ulong[_filter.Length];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = Run(_text.AsSpan(i, Length));
            _places[i] = i;
            Set(_runFilter, Bit(runs[i]));
        }

        Array.Sort(runs, _places);
        return runs;
    }

    private int Bit(ulong word) => (int)((word * 0x9E3779B97F4A7C15) >> _shift);

    private int Bit(UInt128 run) => Bit((ulong)run ^ ((ulong)(run >> 64) * 0xC2B2AE3D27D4EB4F));

    private static void Set(ulong[] filter, int bit) => filter[bit / 64] |= 1UL << (bit % 64);

    private static bool IsSet(ulong[] filter, int bit) =>
        (filter[bit / 64] & (1UL << (bit % 64))) != 0;

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static UInt128 Run(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<UInt128>(bytes);
}
