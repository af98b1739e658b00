namespace WebhookDelivery.Core;

/// <summary>How many attempts ended for each reason. Not thread-safe.</summary>
public sealed class ReasonCounts
{
    /// <summary>Room for reasons that there may be one day; their numbers are stored.</summary>
    private const int ReasonsMax = 32;

    private static readonly ReasonCode[] s_reasons = Enum.GetValues<ReasonCode>();

    private long[]? _counts;

    /// <summary>Of all reasons.</summary>
    public long Total { get; private set; }

    /// <summary>The reasons that there are counts of, by number.</summary>
    public IEnumerable<(ReasonCode Reason, long Count)> Counts =>
        s_reasons.Select(reason => (reason, this[reason])).Where(each => each.Item2 > 0);

    /// <summary>How many ended for this reason.</summary>
    public long this[ReasonCode reason] => _counts?[(int)reason] ?? 0;

    /// <summary>Adds some. Allocates with the first only.</summary>
    public void Add(ReasonCode reason, long count)
    {
        _counts ??= new long[ReasonsMax];
        _counts[(int)reason] += count;
        Total += count;
    }

    /// <summary>Adds those of another.</summary>
    public void Add(ReasonCounts other)
    {
        for (var i = 0; i < (other._counts?.Length ?? 0); i++)
        {
            Add((ReasonCode)i, other._counts![i]);
        }
    }

    /// <summary>Adds what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another form.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _counts ??= new long[ReasonsMax];
        SparseCounts.Add(bytes, _counts);
        Total = _counts.Sum();
    }

    /// <summary>All of it in a few bytes; empty if there are none.</summary>
    public byte[] ToBytes() => SparseCounts.Write(_counts);
}
