using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Finds what fell through: overdue deliveries, endpoints whose backlog is owed something, tenants
/// to erase, and what has expired. Every step is idempotent and bounded; many sweepers are harmless.
/// </summary>
public sealed class Sweeper(
    ITenantStore tenants,
    TenantDirectoryOptions directoryOptions,
    EndpointAdministration endpoints,
    IEventStore store,
    IDeliveryQueue queue,
    RecoveryRunner recoveries,
    OperationalEvents events,
    BacklogSignal signal,
    DeliveryStatistics statistics,
    TimeProvider time,
    SweeperOptions options,
    ILogger<Sweeper> logger
)
{
    private readonly GraceAfterChange _grace = new(directoryOptions, options, time);

    /// <summary>
    /// Sweeps once a minute until cancelled, in four loops: a large backlog or tenant takes longer than a
    /// minute to settle, much that has expired at once takes hours to delete, and neither may hold up what
    /// is overdue. The one that settles also goes on when it is signalled; the one of recoveries whenever
    /// one of them does.
    /// </summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(
            RepeatAsync(
                () => OverdueAsync(stopping),
                () => Task.Delay(options.Interval, time, stopping),
                stopping
            ),
            RepeatAsync(
                () =>
                {
                    signal.Lower();
                    return SettleAsync(stopping);
                },
                () => SignalOrIntervalAsync(stopping),
                stopping
            ),
            RepeatAsync(
                () => ExpireAsync(int.MaxValue, stopping),
                () => Task.Delay(options.Interval, time, stopping),
                stopping
            ),
            recoveries.RunAsync(stopping)
        );

    /// <summary>One round of everything. A step that fails is logged and left to the next round.</summary>
    public async Task<SweepResult> SweepAsync(CancellationToken cancellationToken)
    {
        // Beside each other: whoever has only a while for it gets to all.
        var sweeping = OverdueAsync(cancellationToken);
        var expiring = ExpireAsync(options.ExpiredPerSweepMax, cancellationToken);
        var settled = await SettleAsync(cancellationToken);
        var recovered = await RecoverAsync(cancellationToken);
        var overdue = await sweeping;
        var expired = await expiring;
        return settled with
        {
            Overdue = overdue.Overdue,
            Resumed = recovered.Resumed,
            Recovered = recovered.Recovered,
            Expired = expired.Expired,
            Failed = overdue.Failed + settled.Failed + recovered.Failed + expired.Failed,
        };
    }

    private async Task<SweepResult> OverdueAsync(CancellationToken cancellationToken)
    {
        var round = new SweepRound(logger, cancellationToken);
        var now = time.GetUtcNow();
        var overdue = await round.TryAsync(() => queue.SweepAsync(now, cancellationToken));
        return round.End(new SweepResult { Overdue = overdue });
    }

    private async Task<SweepResult> SettleAsync(CancellationToken cancellationToken)
    {
        var round = new SweepRound(logger, cancellationToken);
        var cancelled = await round.TryAsync(() => SettleBacklogsAsync(cancellationToken));
        var erased = await round.TryAsync(() => EraseTenantsAsync(cancellationToken));
        return round.End(new SweepResult { Cancelled = cancelled, Erased = erased });
    }

    /// <summary>A slice of every recovery, for as long as nobody sweeps again.</summary>
    private async Task<SweepResult> RecoverAsync(CancellationToken cancellationToken)
    {
        var round = new SweepRound(logger, cancellationToken);
        var made = await round.TryAsync(() =>
            recoveries.RunOnceAsync(options.Interval, cancellationToken)
        );
        var result = round.End(new SweepResult { Resumed = made.Resumed, Recovered = made.Moved });
        return result with { Failed = result.Failed + made.Failed };
    }

    private async Task<SweepResult> ExpireAsync(int max, CancellationToken cancellationToken)
    {
        var round = new SweepRound(logger, cancellationToken);
        var expired = await round.TryAsync(() => DeleteExpiredAsync(max, cancellationToken));
        await round.TryAsync(() => recoveries.DeleteFinishedAsync(cancellationToken));
        return round.End(new SweepResult { Expired = expired });
    }

    private static async Task RepeatAsync(
        Func<Task> round,
        Func<Task> pause,
        CancellationToken stopping
    )
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await round();
                await pause();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// The interval's end and the stop raise the signal too: to wait for whichever of several tasks
    /// comes first goes by way of the thread pool, where no simulation's seed decides.
    /// </summary>
    private async Task SignalOrIntervalAsync(CancellationToken stopping)
    {
        await using var interval = time.CreateTimer(
            static raised => ((BacklogSignal)raised!).Raise(),
            signal,
            options.Interval,
            Timeout.InfiniteTimeSpan
        );
        await using var stop = stopping.UnsafeRegister(
            static raised => ((BacklogSignal)raised!).Raise(),
            signal
        );
        await signal.WhenRaised;
    }

    private async ValueTask<int> SettleBacklogsAsync(CancellationToken cancellationToken)
    {
        var cancelled = 0;
        var owed = await tenants.ListBacklogActionsAsync(
            options.EndpointsPerSweep,
            cancellationToken
        );
        foreach (var listed in owed)
        {
            var endpoint = listed.BacklogAction.HasFlag(BacklogAction.Announce)
                ? await AnnounceAsync(listed, cancellationToken)
                : listed;

            bool isSettled;
            if (endpoint.BacklogAction.HasFlag(BacklogAction.Cancel))
            {
                var moved = await CancelAsync(endpoint, cancellationToken);
                cancelled += moved;
                isSettled = moved == 0 && _grace.IsOver(endpoint);
            }
            else
            {
                isSettled =
                    endpoint.BacklogAction.HasFlag(BacklogAction.Resume)
                    && await recoveries.ResumeAsync(endpoint, cancellationToken);
            }

            if (isSettled)
            {
                await endpoints.ClearBacklogActionAsync(
                    endpoint,
                    BacklogAction.Resume | BacklogAction.Cancel,
                    cancellationToken
                );
            }
        }

        return cancelled;
    }

    /// <summary>
    /// Tells a tenant that its endpoint was disabled; what is refused is owed on. Returns the endpoint with
    /// what it owes now.
    /// </summary>
    private async ValueTask<Endpoint> AnnounceAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        if (!await events.DisabledAsync(endpoint, cancellationToken))
        {
            return endpoint;
        }

        await endpoints.ClearBacklogActionAsync(
            endpoint,
            BacklogAction.Announce,
            cancellationToken
        );
        return endpoint with { BacklogAction = endpoint.BacklogAction & ~BacklogAction.Announce };
    }

    /// <summary>
    /// Whether no process can still take a deleted tenant's events, and no sweeper still be erasing it:
    /// only then may its id be used again.
    /// </summary>
    private bool IsForgotten(DateTimeOffset deletedAt) =>
        time.GetUtcNow() - deletedAt
        >= (
            directoryOptions.CacheFor == Timeout.InfiniteTimeSpan
                ? options.BacklogGrace
                : options.RemovalDelay
        );

    private async ValueTask<int> CancelAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        var total = 0;
        int moved;
        do
        {
            var now = time.GetUtcNow();
            moved = await store.CancelAsync(
                endpoint.Key,
                options.BatchSize,
                ReasonCode.EndpointDeleted,
                now,
                cancellationToken
            );
            statistics.SetAside(endpoint.Key, DeliveryStatus.Cancelled, moved, now);
            total += moved;
        } while (moved > 0);

        return total;
    }

    private async ValueTask<int> EraseTenantsAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        TenantId? after = null;
        while (true)
        {
            var page = await tenants.ListAsync(after, options.BatchSize, cancellationToken);
            foreach (var tenant in page.Where(tenant => tenant.DeletedAt is not null))
            {
                total += await EraseAsync(tenant.Id, cancellationToken);
            }

            if (page.Count < options.BatchSize)
            {
                return total;
            }

            after = page[^1].Id;
        }
    }

    /// <summary>
    /// Erases a deleted tenant. What was listed may be old news: another sweeper may have removed the
    /// tenant, and its id may be in use again.
    /// </summary>
    private async ValueTask<int> EraseAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var total = 0;
        while (
            await tenants.LoadAsync(tenant, cancellationToken)
                is { Tenant.DeletedAt: { } deletedAt }
        )
        {
            var erased = await store.EraseAsync(tenant, options.BatchSize, cancellationToken);
            total += erased;
            if (erased == 0)
            {
                if (IsForgotten(deletedAt))
                {
                    await tenants.RemoveAsync(tenant, cancellationToken);
                }

                break;
            }
        }

        return total;
    }

    private async ValueTask<int> DeleteExpiredAsync(int max, CancellationToken cancellationToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await store.DeleteExpiredAsync(
                options.Retention,
                time.GetUtcNow(),
                options.ExpiryBatchSize,
                cancellationToken
            );
            total += deleted;
            if (deleted > 0)
            {
                await Task.Delay(options.ExpiryPause, time, cancellationToken);
            }
        } while (deleted > 0 && total < max);

        return total;
    }
}
