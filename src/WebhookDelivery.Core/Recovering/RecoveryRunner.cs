using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Goes on with the recoveries that run, a slice of each at a time. Many runners are harmless: a slice
/// belongs to whoever saves its beginning. Thread-safe.
/// </summary>
public sealed class RecoveryRunner
{
    /// <summary>Slices made at once.</summary>
    private const int Together = 8;

    private readonly RecoveryServices _services;
    private readonly TimeSpan _interval;
    private readonly BacklogSignal _signal = new();

    /// <summary>Uses the given ports.</summary>
    public RecoveryRunner(
        IRecoveryStore recoveries,
        ITenantStore tenants,
        IEventStore events,
        IDeliveryQueue queue,
        IWebhookSender sender,
        TimeProvider time,
        RecoveryOptions options,
        DeliveryOptions delivery,
        TenantDirectoryOptions directory,
        SweeperOptions sweeper,
        DeliveryStatistics statistics,
        ILogger<RecoveryRunner> logger
    )
    {
        _services = new(
            recoveries,
            tenants,
            events,
            queue,
            sender,
            time,
            options,
            delivery,
            new GraceAfterChange(directory, sweeper, time),
            statistics,
            logger
        );
        _interval = sweeper.Interval;
    }

    /// <summary>Has this process look for recoveries at once, as there is a new one.</summary>
    public void Wake() => _signal.Raise();

    /// <summary>
    /// Makes slices of a second until cancelled, each when it is due, and looks once a minute for
    /// recoveries that other processes were asked for.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var stop = stopping.UnsafeRegister(
            static raised => ((BacklogSignal)raised!).Raise(),
            _signal
        );
        while (!stopping.IsCancellationRequested)
        {
            _signal.Lower();
            try
            {
                var round = await RunOnceAsync(_services.Options.Slice, stopping);
                await WaitAsync(round.NextAt, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was, what is stored is as it was: the next round begins with it.
                RecoveryLog.RoundFailed(_services.Logger, exception);
                await WaitAsync(_services.Time.GetUtcNow() + _services.Options.Slice, stopping);
            }
        }
    }

    /// <summary>Makes a slice of every recovery that is due one.</summary>
    /// <param name="length">What a slice is for: as long as nobody comes again.</param>
    /// <param name="cancellationToken">Stops half-way: somebody goes on once the lease is over.</param>
    public async ValueTask<RecoveryRound> RunOnceAsync(
        TimeSpan length,
        CancellationToken cancellationToken
    )
    {
        var running = await _services.Recoveries.ListRunningAsync(
            _services.Options.PerRound,
            cancellationToken
        );
        var now = _services.Time.GetUtcNow();
        var due = running.Where(each => each.NextAt <= now + EarlyOf(each, length)).ToList();
        var drains = running
            .Where(each => each.Kind != RecoveryKind.Cancel)
            .CountBy(each => each.Endpoint)
            .ToDictionary();
        var total = new RecoveryRound(
            0,
            0,
            0,
            running.Except(due).Min(each => (DateTimeOffset?)each.NextAt)
        );
        foreach (var chunk in due.Chunk(Together))
        {
            var rounds = await Task.WhenAll(
                chunk.Select(each =>
                    MakeAsync(
                            each,
                            length,
                            drains.GetValueOrDefault(each.Endpoint, 1),
                            cancellationToken
                        )
                        .AsTask()
                )
            );
            total = rounds.Aggregate(total, Add);
        }

        return total;
    }

    /// <summary>
    /// Sees to it that an enabled endpoint's parked deliveries are resumed. True once they are, and no
    /// process can still be parking more. Idempotent.
    /// </summary>
    public async ValueTask<bool> ResumeAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Disabled)
        {
            return _services.Grace.IsOver(endpoint);
        }

        var id = Recoveries.ResumeId(endpoint);
        var stored = await _services.Recoveries.FindAsync(endpoint.Key, id, cancellationToken);
        if (stored is { FinishedAt: not null })
        {
            return await IsNothingLeftAsync(endpoint.Key, cancellationToken);
        }

        // A change of the endpoint while one runs begins no other: it does the work of both.
        if (stored is null && !await IsResumingAsync(endpoint.Key, cancellationToken))
        {
            await BeginResumeAsync(endpoint.Key, id, cancellationToken);
        }

        return false;
    }

    private async ValueTask<bool> IsResumingAsync(
        EndpointKey endpoint,
        CancellationToken cancellationToken
    )
    {
        var kept = await _services.Recoveries.ListAsync(
            endpoint,
            null,
            _services.Options.KeptPerEndpointMax,
            cancellationToken
        );
        return kept.Any(each => each is { Kind: RecoveryKind.Resume, FinishedAt: null });
    }

    private async ValueTask BeginResumeAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    )
    {
        var now = _services.Time.GetUtcNow();
        var resume = new Recovery
        {
            Id = id,
            Endpoint = endpoint,
            Version = 1,
            Kind = RecoveryKind.Resume,
            Filter = new RecoveryFilter(),
            NextAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var kept = _services.Options.KeptPerEndpointMax;
        if (await Recoveries.AddAsync(_services.Recoveries, resume, kept, cancellationToken))
        {
            Wake();
        }
    }

    /// <summary>
    /// Looks once more after its recovery has ended: that goes by the clock, and where it was set forwards
    /// some process may have parked since, by what it had cached. These few go at the first pace.
    /// </summary>
    private async ValueTask<bool> IsNothingLeftAsync(
        EndpointKey endpoint,
        CancellationToken cancellationToken
    )
    {
        var now = _services.Time.GetUtcNow();
        var left = await _services.Events.ResumeAsync(
            endpoint,
            _services.Options.BatchSize,
            new DuePace(now, TimeSpan.FromSeconds(1 / DrainPace.FirstPerSecond)),
            cancellationToken
        );
        if (left.Count > 0)
        {
            await _services.Queue.EnqueueAsync(left, cancellationToken);
        }

        return left.Count == 0;
    }

    /// <summary>Deletes recoveries that finished long ago. Returns how many.</summary>
    public async ValueTask<int> DeleteFinishedAsync(CancellationToken cancellationToken)
    {
        const int batch = 100;
        var before = _services.Time.GetUtcNow() - _services.Options.KeptFor;
        var total = 0;
        int deleted;
        do
        {
            deleted = await _services.Recoveries.DeleteFinishedAsync(
                before,
                batch,
                cancellationToken
            );
            total += deleted;
        } while (deleted == batch);

        return total;
    }

    private async ValueTask<RecoveryRound> MakeAsync(
        Recovery recovery,
        TimeSpan length,
        int sharers,
        CancellationToken cancellationToken
    )
    {
        var slice = new RecoverySlice(_services, recovery, length, sharers);
        var failed = 0;
        var nextAt = default(DateTimeOffset?);
        try
        {
            await slice.RunAsync(cancellationToken);
            nextAt = slice.NextAt;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (StoreUnavailableException exception)
        {
            RecoveryLog.StoreUnavailable(
                _services.Logger,
                recovery.Id.ToString(),
                exception.Message
            );
            failed++;
        }
        catch (Exception exception)
        {
            // One recovery's trouble must not keep the others from their work.
            RecoveryLog.SliceFailed(_services.Logger, exception, recovery.Id.ToString());
            failed++;
        }

        var isResume = recovery.Kind == RecoveryKind.Resume;
        return new(
            isResume ? slice.Moved : 0,
            isResume ? 0 : slice.Moved,
            failed,
            failed == 0 ? nextAt : _services.Time.GetUtcNow() + _services.Options.Slice
        );
    }

    /// <summary>
    /// How early a slice may be made: a function that is called once a minute may be called a little too
    /// soon, and must not leave a minute out. But never before a lease is over.
    /// </summary>
    private static TimeSpan EarlyOf(Recovery recovery, TimeSpan length) =>
        recovery.Plan.Count == 0 ? length / 10 : TimeSpan.Zero;

    private static RecoveryRound Add(RecoveryRound one, RecoveryRound other) =>
        new(
            one.Resumed + other.Resumed,
            one.Moved + other.Moved,
            one.Failed + other.Failed,
            one.NextAt < other.NextAt ? one.NextAt : other.NextAt ?? one.NextAt
        );

    /// <summary>
    /// Waits until then, or for as long as a round is, or until it is woken. The timer raises the signal
    /// too: to wait for whichever of several tasks comes first goes by way of the thread pool, where no
    /// simulation's seed decides.
    /// </summary>
    private async ValueTask WaitAsync(DateTimeOffset? until, CancellationToken stopping)
    {
        var wait = (until - _services.Time.GetUtcNow()) ?? _interval;
        if (wait <= TimeSpan.Zero || stopping.IsCancellationRequested)
        {
            return;
        }

        // No longer than a slice while one runs: clocks are set, and others may have saved it since.
        var longest = until is null ? _interval : _services.Options.Slice;
        await using var timer = _services.Time.CreateTimer(
            static raised => ((BacklogSignal)raised!).Raise(),
            _signal,
            wait < longest ? wait : longest,
            Timeout.InfiniteTimeSpan
        );
        await _signal.WhenRaised;
    }
}
