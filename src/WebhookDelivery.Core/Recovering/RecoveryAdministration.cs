namespace WebhookDelivery.Core;

/// <summary>Starts, counts, lists and stops recoveries, on request. Thread-safe.</summary>
public sealed class RecoveryAdministration(
    IRecoveryStore store,
    ITenantStore tenants,
    IEventStore events,
    IDeliveryQueue queue,
    RecoveryRunner runner,
    IIdSource ids,
    TimeProvider time,
    RecoveryOptions options,
    DeliveryOptions delivery,
    DeliveryStatistics statistics
) : IDisposable
{
    /// <summary>As many as a store lists at once.</summary>
    private const int CountedAtOnce = 1000;

    /// <summary>One at a time, so that two cannot both take an endpoint's last place.</summary>
    private readonly SemaphoreSlim _starting = new(1);

    /// <inheritdoc/>
    public void Dispose() => _starting.Dispose();

    /// <summary>Begins a recovery; it is carried out in the background.</summary>
    /// <param name="endpoint">Whose deliveries.</param>
    /// <param name="kind">What to do with them; not <see cref="RecoveryKind.Resume"/>.</param>
    /// <param name="filter">Which of them. Without an end, what exists now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<RecoveryStart> StartAsync(
        EndpointKey endpoint,
        RecoveryKind kind,
        RecoveryFilter filter,
        CancellationToken cancellationToken
    )
    {
        if (await FindEndpointAsync(endpoint, cancellationToken) is null)
        {
            return new RecoveryStart.NoEndpoint();
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            var kept = await store.ListAsync(
                endpoint,
                null,
                options.KeptPerEndpointMax,
                cancellationToken
            );
            if (
                kept.Count(each => each.FinishedAt is null && each.Kind != RecoveryKind.Resume)
                >= options.RunningPerEndpointMax
            )
            {
                return new RecoveryStart.LimitReached(options.RunningPerEndpointMax);
            }

            return new RecoveryStart.Started(
                await AddAsync(endpoint, kind, filter, cancellationToken)
            );
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Counts what a recovery would be about; null if there is no such endpoint.</summary>
    public async ValueTask<RecoveryCount?> CountAsync(
        EndpointKey endpoint,
        RecoveryKind kind,
        RecoveryFilter filter,
        CancellationToken cancellationToken
    )
    {
        if (await FindEndpointAsync(endpoint, cancellationToken) is not { } found)
        {
            return null;
        }

        var began = time.GetTimestamp();
        var work = RecoveryServices.WorkOf(kind, events, queue, delivery, statistics);
        filter = UntilNow(filter);
        var matched = 0L;
        var cursor = default(EventId?);
        do
        {
            var page = await work.ListAsync(
                found,
                filter,
                cursor,
                CountedAtOnce,
                cancellationToken
            );
            matched += page.Found.Count;
            cursor = page.Next;
        } while (cursor is not null && time.GetElapsedTime(began) < options.CountFor);

        return new RecoveryCount(matched, cursor is null);
    }

    /// <summary>Reads one; null if the endpoint has none of this id.</summary>
    public ValueTask<Recovery?> FindAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) => store.FindAsync(endpoint, id, cancellationToken);

    /// <inheritdoc cref="IRecoveryStore.ListAsync"/>
    public ValueTask<IReadOnlyList<Recovery>> ListAsync(
        EndpointKey endpoint,
        RecoveryId? before,
        int limit,
        CancellationToken cancellationToken
    ) => store.ListAsync(endpoint, before, limit, cancellationToken);

    /// <summary>
    /// Stops a recovery: what it has moved stays moved. While a batch is under way it goes on to that
    /// batch's end, so that its counts are right. Idempotent.
    /// </summary>
    public async ValueTask<RecoveryStop> StopAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    )
    {
        while (await store.FindAsync(endpoint, id, cancellationToken) is { } recovery)
        {
            if (recovery.FinishedAt is not null || recovery.IsStopping)
            {
                return new RecoveryStop.Stopped(recovery);
            }

            if (recovery.Kind == RecoveryKind.Resume)
            {
                return new RecoveryStop.IsResume();
            }

            var now = time.GetUtcNow();
            var stopped = recovery with { Version = recovery.Version + 1, UpdatedAt = now };
            stopped =
                recovery.Plan.Count > 0
                    ? stopped with
                    {
                        IsStopping = true,
                    }
                    : stopped with
                    {
                        Status = RecoveryStatus.Cancelled,
                        Probes = [],
                        FinishedAt = now,
                    };
            if (await store.SaveAsync(stopped, cancellationToken))
            {
                return new RecoveryStop.Stopped(stopped);
            }
        }

        return new RecoveryStop.NotFound();
    }

    private async ValueTask<Recovery> AddAsync(
        EndpointKey endpoint,
        RecoveryKind kind,
        RecoveryFilter filter,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var recovery = new Recovery
        {
            Id = new RecoveryId(ids.NewId(now)),
            Endpoint = endpoint,
            Version = 1,
            Kind = kind,
            Filter = UntilNow(filter),
            NextAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await Recoveries.AddAsync(store, recovery, options.KeptPerEndpointMax, cancellationToken);
        runner.Wake();
        return recovery;
    }

    /// <summary>
    /// Without an end, it is about what exists now: to the millisecond, which is what ids are made to.
    /// </summary>
    private RecoveryFilter UntilNow(RecoveryFilter filter) =>
        filter with
        {
            Until = filter.Until ?? time.GetUtcNow() + TimeSpan.FromMilliseconds(1),
        };

    private async ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) =>
        await tenants.FindEndpointAsync(key, cancellationToken) is { DeletedAt: null } found
            ? found
            : null;
}
