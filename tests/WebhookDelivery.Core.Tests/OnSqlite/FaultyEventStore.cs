namespace WebhookDelivery.Core.Tests;

/// <summary>The real store, with outages of one call put in front of it.</summary>
internal sealed class FaultyEventStore(IEventStore inner) : IEventStore
{
    private int _recordFailures;
    private int _startsUntilOutage = int.MaxValue;

    /// <summary>How many deliveries can be started, added or cancelled before the store is unavailable.</summary>
    public int StartsUntilOutage
    {
        set => Volatile.Write(ref _startsUntilOutage, value);
    }

    /// <summary>How many calls of RecordAttemptAsync find the store unavailable from now on.</summary>
    public int RecordFailures
    {
        set => Volatile.Write(ref _recordFailures, value);
    }

    /// <summary>Whether reading a payload finds the store unavailable.</summary>
    public bool PayloadsUnreadable { get; set; }

    /// <summary>What happens while a payload is read.</summary>
    public Func<Task>? WhilePayloadIsRead { get; set; }

    /// <summary>Whether storing an event finds the store unavailable.</summary>
    public bool AppendsRefused { get; set; }

    /// <summary>What happens before a delivery is set aside.</summary>
    public Func<Task> BeforeSettingAside { get; set; } = () => Task.CompletedTask;

    /// <summary>What happens whenever events are listed.</summary>
    public Action OnList { get; set; } = () => { };

    /// <summary>Of which event recording finds the store damaged; null for none.</summary>
    public EventId? Damaged { get; set; }

    public ValueTask<bool> RecordAttemptAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    ) =>
        attempt.Key.EventId == Damaged
            ? throw new StoreUnavailableException("The test says so.", isDamage: true)
        : Interlocked.Decrement(ref _recordFailures) >= 0
            ? throw new StoreUnavailableException("The test says so.")
        : inner.RecordAttemptAsync(attempt, transition, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(
        EventAppend append,
        CancellationToken cancellationToken
    ) =>
        AppendsRefused
            ? throw new StoreUnavailableException("The test says so.")
            : inner.AppendAsync(append, cancellationToken);

    public ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    ) => inner.SettleAsync(tenant, claim, eventId, cancellationToken);

    public ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => inner.FindAsync(tenant, eventId, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        await (WhilePayloadIsRead?.Invoke() ?? Task.CompletedTask);
        return PayloadsUnreadable
            ? throw new StoreUnavailableException("The test says so.")
            : await inner.FindPayloadAsync(tenant, eventId, cancellationToken);
    }

    public ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken)
    {
        OnList();
        return inner.ListAsync(query, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => inner.ListAttemptsAsync(tenant, eventId, cancellationToken);

    public async ValueTask<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await BeforeSettingAside();
        return await inner.SetAsideAsync(key, fence, status, reason, now, cancellationToken);
    }

    public ValueTask<DueDelivery?> RestartAsync(
        DeliveryRestart restart,
        CancellationToken cancellationToken
    ) =>
        Interlocked.Decrement(ref _startsUntilOutage) < 0
            ? throw new StoreUnavailableException("The test says so.")
            : inner.RestartAsync(restart, cancellationToken);

    public ValueTask<DueDelivery?> AddDeliveryAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        Interlocked.Decrement(ref _startsUntilOutage) < 0
            ? throw new StoreUnavailableException("The test says so.")
            : inner.AddDeliveryAsync(key, source, park, dueAt, now, cancellationToken);

    public ValueTask<bool> CancelDeliveryAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        Interlocked.Decrement(ref _startsUntilOutage) < 0
            ? throw new StoreUnavailableException("The test says so.")
            : inner.CancelDeliveryAsync(key, generation, reason, now, cancellationToken);

    public ValueTask<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    ) => inner.IsDueAsync(key, fence, cancellationToken);

    public ValueTask<DeliveryPage> ListDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) => inner.ListDeliveriesAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    ) => inner.ResumeAsync(endpoint, limit, pace, cancellationToken);

    public ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => inner.CancelAsync(endpoint, limit, reason, now, cancellationToken);

    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    ) => inner.ListDeadLettersAsync(query, cancellationToken);

    public ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) => inner.DeleteExpiredAsync(retention, now, limit, cancellationToken);

    public ValueTask<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    ) => inner.EraseAsync(tenant, limit, cancellationToken);
}
