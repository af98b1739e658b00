using System.Buffers.Binary;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A library loaded ahead of libc that counts every fsync of a process, in a file that both processes
/// map, and can make each take a fixed time: <c>fsync-shim/slow_fsync.c</c>.
/// </summary>
internal sealed class FsyncShim : IDisposable
{
    /// <summary>Each fsync is the disk's own.</summary>
    public static readonly TimeSpan? AsTheDisk;

    /// <summary>What a commit takes on a good disk that tells the truth.</summary>
    public static readonly TimeSpan? TwoMilliseconds = TimeSpan.FromMilliseconds(2);

    private const int CountsBytes = 24;

    private readonly string _counts;

    /// <param name="settings">Where the library is.</param>
    /// <param name="delay">How long each fsync is to take.</param>
    public FsyncShim(RunSettings settings, TimeSpan? delay)
    {
        if (!File.Exists(settings.Shim))
        {
            throw new BrokenRunException($"{settings.Shim} is not built; it needs gcc.");
        }

        _counts = Path.Combine(settings.Scratch, "fsync-counts-" + Path.GetRandomFileName());
        File.WriteAllBytes(_counts, new byte[CountsBytes]);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = settings.Shim,
            ["SLOW_FSYNC_COUNTS"] = _counts,
        };
        if (delay is { } each)
        {
            environment["SLOW_FSYNC_MICROSECONDS"] = $"{each.TotalMicroseconds:0}";
        }

        Environment = environment;
    }

    /// <summary>What the process has to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public FsyncCounts Read()
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(_counts);
        return new FsyncCounts(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) / 1e6
        );
    }

    public void Dispose() => File.Delete(_counts);
}
