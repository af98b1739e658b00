using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>
/// Stand-in until the embedded engine is here: the ports over dictionaries under one lock. Only the
/// fixture knows it.
/// </summary>
internal sealed class MemoryEngine : IEventStore, IDeliveryQueue
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(TenantId Tenant, EventId Id), Row> _events = new(
        Comparer<(TenantId Tenant, EventId Id)>.Create(
            (a, b) =>
                string.CompareOrdinal(a.Tenant.Value, b.Tenant.Value) is var order and not 0
                    ? order
                    : b.Id.CompareTo(a.Id)
        )
    );
    private readonly Dictionary<
        (TenantId, string),
        (IdempotencyClaim Claim, EventId Id, IReadOnlyList<EndpointId> Endpoints)
    > _keys = [];

    public ValueTask<AppendResult> AppendAsync(
        EventAppend append,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var posted = append.Event;
            if (
                append.Idempotency is { } claim
                && _keys.TryGetValue((posted.TenantId, claim.Key), out var known)
                && known.Claim.ExpiresAt > posted.CreatedAt
            )
            {
                return new(
                    known.Claim.BodyHash.Span.SequenceEqual(claim.BodyHash.Span)
                        ? new AppendResult.Replayed(known.Id, known.Endpoints)
                        : new AppendResult.KeyReused()
                );
            }

            if (append.Idempotency is { } fresh)
            {
                _keys[(posted.TenantId, fresh.Key)] = (fresh, posted.Id, append.Endpoints);
            }

            var deliveries = append.Endpoints.Select(endpoint => new Delivery
            {
                Key = new DeliveryKey(posted.TenantId, posted.Id, endpoint),
                Status = DeliveryStatus.Pending,
                Generation = 1,
                GenerationAttempts = 0,
                Attempts = 0,
                NextAttemptAt = posted.CreatedAt,
                UpdatedAt = posted.CreatedAt,
            });
            _events[(posted.TenantId, posted.Id)] = new Row(posted, [.. deliveries]);
            return new(new AppendResult.Appended(posted.Id, append.Endpoints));
        }
    }

    public ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    ) => default;

    public ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new(_events.GetValueOrDefault((tenant, eventId))?.Show());
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new(_events.GetValueOrDefault((tenant, eventId))?.Event.Payload);
        }
    }

    public ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            bool Wanted(Delivery each) =>
                (query.Status is null || each.Status == query.Status)
                && (query.EndpointId is null || each.Key.EndpointId == query.EndpointId);
            var filtered = query.Status is not null || query.EndpointId is not null;
            var found = Of(query.TenantId, query.Since, query.Until)
                .Where(row => query.Before is not { } id || row.Event.Id.CompareTo(id) < 0)
                .Where(row => query.Type is null || row.Event.Type == query.Type)
                .Where(row => !filtered || row.Deliveries.Exists(Wanted))
                .Take(query.Limit + 1)
                .ToList();
            var page = found.Take(query.Limit).Select(row => row.Show()).ToList();
            return new(new EventPage(page, found.Count > query.Limit ? page[^1].Event.Id : null));
        }
    }

    public ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new(_events.GetValueOrDefault((tenant, eventId))?.Attempts.ToArray() ?? []);
        }
    }

    public ValueTask<bool> RecordAttemptAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var row = _events[(attempt.Key.TenantId, attempt.Key.EventId)];
            row.Attempts.Add(attempt);
            return new(
                row.Change(
                    attempt.Key,
                    each =>
                        each.Status.IsOpen()
                        && each.Generation == attempt.Generation
                        && each.GenerationAttempts == attempt.Number - 1,
                    each =>
                        each with
                        {
                            Status = transition.Status,
                            NextAttemptAt = transition.NextAttemptAt,
                            GenerationAttempts = attempt.Number,
                            Attempts = each.Attempts + 1,
                            LastAttemptAt = attempt.StartedAt,
                            LastReason = attempt.Outcome.Reason,
                            LastStatusCode = attempt.Outcome.StatusCode,
                            UpdatedAt = attempt.StartedAt,
                        }
                )
                    is not null
            );
        }
    }

    public ValueTask<DueDelivery?> RestartAsync(
        DeliveryKey key,
        DeliveryStatus? onlyFrom,
        int? generation,
        bool park,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var row = _events.GetValueOrDefault((key.TenantId, key.EventId));
            var changed = row?.Change(
                key,
                each =>
                    (onlyFrom is null || each.Status == onlyFrom)
                    && (generation is null || each.Generation == generation),
                each =>
                    each with
                    {
                        Status = park ? DeliveryStatus.Parked : DeliveryStatus.Pending,
                        Generation = each.Generation + 1,
                        GenerationAttempts = 0,
                        NextAttemptAt = park ? null : now,
                        UpdatedAt = now,
                    }
            );
            return new(
                changed is null
                    ? null
                    : new DueDelivery
                    {
                        Key = key,
                        Generation = changed.Generation,
                        Attempt = 1,
                        DueAt = now,
                    }
            );
        }
    }

    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var found = Of(query.TenantId, query.Since, query.Until)
                .SelectMany(row => row.Deliveries)
                .Where(each => each.Status == DeliveryStatus.DeadLetter)
                .Where(each => query.EndpointId is null || each.Key.EndpointId == query.EndpointId)
                .Where(each => query.After is not { } last || IsAfter(each.Key, last))
                .Take(query.Limit + 1)
                .ToList();
            var page = found.Take(query.Limit).ToList();
            return new(
                new DeadLetterPage(
                    page,
                    found.Count > query.Limit
                        ? new DeadLetterPosition(page[^1].Key.EventId, page[^1].Key.EndpointId)
                        : null
                )
            );
        }
    }

    public ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    ) => default;

    public ValueTask<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static bool IsAfter(DeliveryKey key, DeadLetterPosition last) =>
        key.EventId.CompareTo(last.EventId) < 0
        || (key.EventId == last.EventId && key.EndpointId.CompareTo(last.EndpointId) > 0);

    private IEnumerable<Row> Of(TenantId tenant, DateTimeOffset? since, DateTimeOffset? until) =>
        _events
            .Where(each => each.Key.Tenant == tenant)
            .Select(each => each.Value)
            .Where(row => since is null || row.Event.CreatedAt >= since)
            .Where(row => until is null || row.Event.CreatedAt < until);

    private sealed record Row(Event Event, List<Delivery> Deliveries)
    {
        public List<Attempt> Attempts { get; } = [];

        public StoredEvent Show() => new(Event, [.. Deliveries]);

        public Delivery? Change(
            DeliveryKey key,
            Predicate<Delivery> condition,
            Func<Delivery, Delivery> change
        )
        {
            var index = Deliveries.FindIndex(each => each.Key == key && condition(each));
            return index < 0 ? null : Deliveries[index] = change(Deliveries[index]);
        }
    }
}
