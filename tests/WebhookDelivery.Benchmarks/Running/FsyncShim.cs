using System.Buffers.Binary;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A library loaded ahead of libc that makes every fsync of a server take 2 ms and counts it, in a
/// file that both processes map: <c>fsync-shim/slow_fsync.c</c>.
/// </summary>
internal sealed class FsyncShim : IDisposable
{
    private const int CountsBytes = 24;

    private readonly string _counts;

    public FsyncShim(RunSettings settings)
    {
        if (!File.Exists(settings.Shim))
        {
            throw new BrokenRunException($"{settings.Shim} is not built; it needs gcc.");
        }

        _counts = Path.Combine(settings.Scratch, "fsync-counts");
        File.WriteAllBytes(_counts, new byte[CountsBytes]);
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = settings.Shim,
            ["SLOW_FSYNC_MICROSECONDS"] = "2000",
            ["SLOW_FSYNC_COUNTS"] = _counts,
        };
    }

    /// <summary>What the server's process has to be started with.</summary>
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
