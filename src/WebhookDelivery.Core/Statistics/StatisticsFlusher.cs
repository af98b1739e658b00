using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Stores what was counted. What cannot be stored is kept and added to the next flush; if it was stored
/// although the store said no, it then counts twice. Thread-safe: flushes go one after another.
/// </summary>
public sealed class StatisticsFlusher(
    DeliveryStatistics statistics,
    IStatisticsStore store,
    TimeProvider time,
    StatisticsOptions options,
    ILogger<StatisticsFlusher> logger
) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private DateTimeOffset _flushedAt = DateTimeOffset.MinValue;
    private int _failing;

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>
    /// Flushes at every <see cref="StatisticsOptions.Interval"/>, and early where there is much, until
    /// cancelled. The last flush is the caller's, once nothing more can be counted.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await WaitAsync(stopping);
            if (!stopping.IsCancellationRequested)
            {
                await FlushAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Stores what was counted so far. Throws nothing that the store threw: what it refuses is kept.</summary>
    /// <param name="cancellationToken">Gives up; what is not stored by then is kept.</param>
    /// <returns>True if nothing is left.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var failed = new List<KeyValuePair<HourKey, HourCounts>>();
            var taken = statistics.BeginFlush();
            _flushedAt = taken.Count > 0 ? time.GetUtcNow() : _flushedAt;
            try
            {
                foreach (var some in taken.Chunk(options.AddsMax))
                {
                    var stored = await Task.WhenAll(
                        some.Select(each => TryAddAsync(each, cancellationToken))
                    );
                    failed.AddRange(some.Where((_, i) => !stored[i]));
                }
            }
            finally
            {
                statistics.EndFlush(failed);
            }

            Tell(failed.Count);
            return failed.Count == 0;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Flushes at the end of a function's invocation, where it may be the last for long; not while one
    /// follows another and the last flush was a moment ago.
    /// </summary>
    /// <param name="isBusy">Whether another invocation will follow at once, as when a batch was full.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask EndInvocationAsync(bool isBusy, CancellationToken cancellationToken)
    {
        if (isBusy && (time.GetUtcNow() - _flushedAt).Duration() < options.Interval)
        {
            return;
        }

        using var patience = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            cancellationToken
        );
        try
        {
            await FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Another flush, or a reader, was in the way for all of that time. Nothing is lost.
        }
    }

    /// <summary>Does something while no flush is under way.</summary>
    internal async ValueTask<T> BetweenFlushesAsync<T>(
        Func<ValueTask<T>> work,
        CancellationToken cancellationToken
    )
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// One task, which the interval's end, the stop and fullness complete: to wait for the first of
    /// several goes by way of the thread pool, where no simulation's seed decides.
    /// </summary>
    private async Task WaitAsync(CancellationToken stopping)
    {
        var wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var interval = time.CreateTimer(
            Complete,
            wanted,
            options.Interval,
            Timeout.InfiniteTimeSpan
        );
        await using var stop = stopping.UnsafeRegister(Complete, wanted);
        statistics.TellWhenFull(wanted);
        await wanted.Task;
    }

    private static void Complete(object? wanted) => ((TaskCompletionSource)wanted!).TrySetResult();

    private async Task<bool> TryAddAsync(
        KeyValuePair<HourKey, HourCounts> counted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await store.AddAsync(counted.Key, counted.Value, cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it was, the counts are not lost by it, and nothing that is delivered waits.
            if (Interlocked.Exchange(ref _failing, 1) == 0)
            {
                StatisticsLog.AddFailed(logger, exception.Message);
            }

            return false;
        }
    }

    /// <summary>Once an outage, not once a flush.</summary>
    private void Tell(int failed)
    {
        if (failed == 0 && Interlocked.Exchange(ref _failing, 0) == 1)
        {
            StatisticsLog.AddsAgain(logger);
        }
    }
}
