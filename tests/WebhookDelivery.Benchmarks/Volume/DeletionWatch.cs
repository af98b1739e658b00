using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Watches beside a server how far it has come with deleting its events, which go in the order of
/// insertion.
/// </summary>
internal sealed class DeletionWatch : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>A server pauses for a minute between rounds.</summary>
    private static readonly TimeSpan StallMax = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _stopping = new();
    private readonly StoreFile _store;
    private readonly long _first;
    private readonly long _last;
    private readonly Task _watching;
    private long _deleted;

    /// <param name="store">The server's database; the watch's own from now on.</param>
    /// <param name="first">The first event that is to go.</param>
    /// <param name="last">The last.</param>
    public DeletionWatch(StoreFile store, long first, long last)
    {
        _store = store;
        _first = first;
        _last = last;
        _watching = WatchAsync();
    }

    /// <summary>Events that have gone, as far as is known.</summary>
    public long Deleted => Volatile.Read(ref _deleted);

    public bool IsDone => Deleted >= _last - _first + 1;

    /// <summary>From the first deletion to the last one seen.</summary>
    public double Seconds { get; private set; }

    /// <summary>Of it, the time in which events went.</summary>
    public double ActiveSeconds { get; private set; }

    /// <summary>Returns when more events go, or all have gone.</summary>
    /// <exception cref="BrokenRunException">None go.</exception>
    public async Task UntilActiveAsync(CancellationToken cancellationToken)
    {
        var deleted = Deleted;
        for (var stall = Stopwatch.StartNew(); stall.Elapsed < StallMax; )
        {
            if (Deleted > deleted || IsDone)
            {
                return;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new BrokenRunException($"Nothing expires any more after {deleted} events.");
    }

    /// <summary>Returns when all have gone.</summary>
    public async Task UntilDoneAsync(CancellationToken cancellationToken)
    {
        while (!IsDone)
        {
            await UntilActiveAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
        _store.Dispose();
    }

    private async Task WatchAsync()
    {
        long began = 0;
        var seenAt = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            var oldest = _store.OldestEvent();
            var now = Stopwatch.GetTimestamp();
            var deleted = (oldest == 0 ? _last + 1 : Math.Min(oldest, _last + 1)) - _first;
            if (deleted > Deleted)
            {
                began = began == 0 ? seenAt : began;
                Seconds = Stopwatch.GetElapsedTime(began, now).TotalSeconds;
                ActiveSeconds += Stopwatch.GetElapsedTime(seenAt, now).TotalSeconds;
                Volatile.Write(ref _deleted, deleted);
            }

            seenAt = now;
            await Task.Delay(PollInterval, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
