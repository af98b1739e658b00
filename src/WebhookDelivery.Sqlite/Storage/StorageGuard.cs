using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Refuses new events before a full disk or a runaway write-ahead log hurts what is already stored:
/// outcomes still need room; and once the database is found damaged. Looks at most once a second, on
/// the thread of whoever asks. Thread-safe.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="freeBytes">How much room there is.</param>
/// <param name="walBytes">How long the write-ahead log is.</param>
/// <param name="emptyWal">Begins to empty the log, when it is too long.</param>
/// <param name="damage">Whether the database is damaged.</param>
/// <param name="time">Tells when to look again.</param>
/// <param name="logger">Is told when refusing begins and ends.</param>
internal sealed class StorageGuard(
    SqliteEngineOptions options,
    Func<long> freeBytes,
    Func<long> walBytes,
    Action emptyWal,
    DamageReport damage,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private long _lookedAt = long.MinValue;
    private volatile string? _refusal;

    /// <summary>Why new events are refused now; null if they are not.</summary>
    public string? Refusal
    {
        get
        {
            if (damage.Found is { } found)
            {
                return found;
            }

            var now = time.GetTimestamp();
            var last = Volatile.Read(ref _lookedAt);
            var due = last == long.MinValue || time.GetElapsedTime(last, now) >= Interval;
            if (due && Interlocked.CompareExchange(ref _lookedAt, now, last) == last)
            {
                Look();
            }

            return _refusal;
        }
    }

    private void Look()
    {
        string? found;
        lock (_looking)
        {
            found = Probe();
        }

        var before = Interlocked.Exchange(ref _refusal, found);
        if (found is not null && before is null)
        {
            Log.IngestRefused(logger, found);
        }
        else if (found is null && before is not null)
        {
            Log.IngestAccepted(logger);
        }
    }

    private string? Probe()
    {
        try
        {
            var free = freeBytes();
            if (free < options.DiskFreeBytesMin)
            {
                return $"There is room for {free} bytes on the disk and in the database, fewer than the {options.DiskFreeBytesMin} kept for outcomes.";
            }

            var wal = walBytes();
            if (wal <= options.WalBytesMax)
            {
                return null;
            }

            emptyWal();
            return $"The write-ahead log has {wal} bytes, more than {options.WalBytesMax}: something reads the database for long.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"The data directory cannot be examined: {exception.Message}";
        }
    }
}
