using System.Buffers.Binary;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A library loaded ahead of libc that counts every fsync of a process, in a file that both processes
/// map, and can make each take a fixed time: <c>fsync-shim/slow_fsync.c</c>.
/// </summary>
internal sealed class FsyncShim : IDisposable
{
    private const int CountsBytes = 24;

    private readonly string? _counts;

    /// <param name="settings">Where the library is.</param>
    /// <param name="mode">What it is to do.</param>
    /// <exception cref="BrokenRunException">The library is needed and not built.</exception>
    public FsyncShim(RunSettings settings, FsyncMode mode)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        Environment = environment;
        if (mode == FsyncMode.Untouched)
        {
            return;
        }

        if (!File.Exists(settings.Shim))
        {
            throw new BrokenRunException($"{settings.Shim} is not built; it needs gcc.");
        }

        _counts = Path.Combine(settings.Scratch, "fsync-counts-" + Path.GetRandomFileName());
        File.WriteAllBytes(_counts, new byte[CountsBytes]);
        environment["LD_PRELOAD"] = settings.Shim;
        environment["SLOW_FSYNC_COUNTS"] = _counts;
        if (mode == FsyncMode.TwoMilliseconds)
        {
            environment["SLOW_FSYNC_MICROSECONDS"] = "2000";
        }
    }

    /// <summary>What the process has to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>What is counted so far; nothing of a process that is left alone.</summary>
    public FsyncCounts Read()
    {
        if (_counts is null)
        {
            return default;
        }

        ReadOnlySpan<byte> bytes = File.ReadAllBytes(_counts);
        return new FsyncCounts(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) / 1e6
        );
    }

    public void Dispose()
    {
        if (_counts is not null)
        {
            File.Delete(_counts);
        }
    }
}
