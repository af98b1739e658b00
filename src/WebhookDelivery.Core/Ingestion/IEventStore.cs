namespace WebhookDelivery.Core;

/// <summary>
/// Port: events, their deliveries and attempts. Thread-safe. Every member may throw
/// <see cref="StoreUnavailableException"/>; a write that threw it may still have happened if it was
/// under way, so every write is idempotent or conditional.
/// </summary>
public interface IEventStore
{
    /// <summary>
    /// Stores an event with its deliveries, durable when it returns. Idempotent on the event id, and
    /// under a key: the same key and body give the first answer again, until the key expires.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(EventAppend append, CancellationToken cancellationToken);

    /// <summary>
    /// Says that what an append under a key asked for is done, deliveries enqueued: from here on the
    /// key only replays. Idempotent; nothing to do where the append already settled it.
    /// </summary>
    ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    );

    /// <summary>Reads an event with payload and deliveries; null if the tenant has no such event.</summary>
    ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    );

    /// <summary>Reads the payload alone; null if the tenant has no such event.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    );

    /// <summary>Lists events, newest first. The work per call is bounded whatever the filter.</summary>
    ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken);

    /// <summary>Lists an event's attempts, oldest first; empty for an unknown event.</summary>
    ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Records an attempt, always (unless its event is erased or expired), and moves its delivery if that is still open, in the attempt's
    /// generation, with one attempt fewer made in it. True if the delivery moved. Not idempotent: a
    /// second call records a second attempt, but moves nothing.
    /// </summary>
    ValueTask<bool> RecordAttemptAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Moves an open delivery to PARKED, CANCELLED or DEAD_LETTER without an attempt, if the fence
    /// holds. True if it moved. Idempotent.
    /// </summary>
    ValueTask<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Starts a delivery's next generation: status PENDING and due as demanded (or PARKED), the schedule
    /// anew, attempts kept. Null, changing nothing, if there is no such delivery or it is not as demanded.
    /// </summary>
    /// <returns>What to enqueue; for a parked one there is nothing to enqueue.</returns>
    ValueTask<DueDelivery?> RestartAsync(
        DeliveryRestart restart,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Adds a delivery of a stored event to an endpoint that it was not routed to: PENDING and due at
    /// <paramref name="dueAt"/>, or PARKED. Null, changing nothing, if there is no such event, or such a
    /// delivery already.
    /// </summary>
    /// <returns>What to enqueue; for a parked one there is nothing to enqueue.</returns>
    ValueTask<DueDelivery?> AddDeliveryAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Moves one open or parked delivery to CANCELLED, however many attempts it had. True if it moved.
    /// Idempotent.
    /// </summary>
    /// <param name="key">The delivery.</param>
    /// <param name="generation">The generation that it must be in; null: any.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up; it may have moved all the same.</param>
    ValueTask<bool> CancelDeliveryAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Whether a delivery is open, in this generation, with so many attempts made in it.</summary>
    ValueTask<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists one endpoint's deliveries, oldest event first. The work per call is bounded whatever the
    /// filter: a page may be short or empty, and only its end says that the list is over.
    /// </summary>
    ValueTask<DeliveryPage> ListDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Moves up to <paramref name="limit"/> of an endpoint's PARKED deliveries to PENDING, due at the
    /// <paramref name="pace"/> (which begins now), generation and attempts kept, oldest event first where
    /// the store can tell. Returns what to enqueue; empty when none is left.
    /// </summary>
    ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Moves up to <paramref name="limit"/> of an endpoint's open and parked deliveries to CANCELLED.
    /// Returns how many; 0 when none is left.
    /// </summary>
    ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Lists dead letters, newest event first. The work per call is bounded.</summary>
    ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Deletes what <paramref name="retention"/> no longer keeps, in one bounded step of at most
    /// <paramref name="limit"/> events; open deliveries never expire. Versions of endpoints go once they
    /// have been superseded for longer than anything finished is kept. Returns how many events, keys,
    /// versions and hours of statistics went; 0 when nothing is left to delete now. Nothing to do where
    /// the store expires by
    /// itself.
    /// </summary>
    ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Deletes up to <paramref name="limit"/> of a tenant's events whatever their state, with
    /// deliveries, attempts and keys, and then its statistics. Returns how many; 0 when none is left.
    /// </summary>
    ValueTask<int> EraseAsync(TenantId tenant, int limit, CancellationToken cancellationToken);
}
