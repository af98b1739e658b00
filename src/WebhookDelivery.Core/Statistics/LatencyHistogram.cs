namespace WebhookDelivery.Core;

/// <summary>
/// How long things took, counted in buckets, each 10 % wider than the one before: what it says of a
/// time from 0.1 ms to 60 s is at most 5 % off. Histograms of different hours and processes add up to
/// that of them all. Not thread-safe.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>The shortest time that is told apart: what takes less is shown as this; 0.1 ms.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromTicks(FirstTicks);

    private const long FirstTicks = TimeSpan.TicksPerMillisecond / 10;
    private const long LastTicks = 60 * TimeSpan.TicksPerSecond;
    private const double Growth = 1.1;

    /// <summary>
    /// The longest time of each bucket but the last, in ticks: 0.1 ms, 0.11 ms and so on, up to the
    /// first that is not below a minute. The last bucket has what took longer.
    /// </summary>
    private static readonly long[] s_longest = Longest();

    private long[]? _counts;

    /// <summary>How many buckets there are. Their numbers are stored: never make fewer, nor others.</summary>
    public static int Buckets => s_longest.Length + 1;

    /// <summary>How many times were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest that was recorded; null if none was.</summary>
    public TimeSpan? Max => Percentile(1);

    /// <summary>What of each bucket there is, those of nothing left out.</summary>
    public IEnumerable<(int Bucket, long Count)> Counts
    {
        get
        {
            for (var i = 0; i < (_counts?.Length ?? 0); i++)
            {
                if (_counts![i] > 0)
                {
                    yield return (i, _counts[i]);
                }
            }
        }
    }

    /// <summary>Records one time. Allocates with the first only.</summary>
    public void Record(TimeSpan time)
    {
        // Not found, it is the complement of the first that is longer.
        var found = Array.BinarySearch(s_longest, time.Ticks);
        Add(found < 0 ? ~found : found, 1);
    }

    /// <summary>Adds to a bucket.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket, or the count is below 0.</exception>
    public void Add(int bucket, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Buckets);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _counts ??= new long[Buckets];
        _counts[bucket] += count;
        Count += count;
    }

    /// <summary>Adds what another one recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < (other._counts?.Length ?? 0); i++)
        {
            if (other._counts![i] > 0)
            {
                Add(i, other._counts[i]);
            }
        }
    }

    /// <summary>Adds what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another form.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _counts ??= new long[Buckets];
        SparseCounts.Add(bytes, _counts);
        Count = _counts.Sum();
    }

    /// <summary>All of it in some bytes for each bucket that has any; empty if nothing was recorded.</summary>
    public byte[] ToBytes() => SparseCounts.Write(_counts);

    /// <summary>
    /// The time that so great a part of what was recorded did not exceed, by the nearest rank; null if
    /// nothing was. It is the middle of a bucket, so that it is too long or too short by 5 % at most.
    /// </summary>
    /// <param name="part">From 0 to 1: 0.99 for the 99th percentile.</param>
    public TimeSpan? Percentile(double part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        var left = Math.Max(1, (long)Math.Ceiling(part * Count));
        foreach (var (bucket, count) in Counts)
        {
            left -= count;
            if (left <= 0)
            {
                return TimeSpan.FromTicks(Middle(bucket));
            }
        }

        return null;
    }

    /// <summary>As far off, in proportion, from the bucket's shortest time as from its longest.</summary>
    private static long Middle(int bucket)
    {
        if (bucket == 0 || bucket == s_longest.Length)
        {
            return s_longest[Math.Min(bucket, s_longest.Length - 1)];
        }

        double low = s_longest[bucket - 1];
        double high = s_longest[bucket];
        return (long)Math.Round(2 * low * high / (low + high));
    }

    private static long[] Longest()
    {
        var bounds = new List<long>();
        var next = (double)FirstTicks;
        do
        {
            bounds.Add((long)Math.Round(next));
            next *= Growth;
        } while (bounds[^1] < LastTicks);

        return [.. bounds];
    }
}
