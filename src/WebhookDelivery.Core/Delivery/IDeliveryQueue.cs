namespace WebhookDelivery.Core;

/// <summary>
/// Port: which deliveries are due, and who holds them. The store is the truth; the queue makes it
/// quick to act on. A delivery may come twice (a lost lease, two sweepers): the conditional
/// transition in <see cref="IEventStore.RecordAttemptAsync"/> makes that harmless. Thread-safe.
/// </summary>
public interface IDeliveryQueue
{
    /// <summary>
    /// Makes stored deliveries receivable at their <see cref="DueDelivery.DueAt"/>, now or later.
    /// Idempotent for a delivery that is already queued. Call it after the store has committed.
    /// A queue that refuses (full, throttled) must not throw once the store has the delivery: it
    /// falls back to the due time that the store keeps, for the sweeper to find.
    /// </summary>
    ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Claims up to <paramref name="max"/> due deliveries under a lease; waits until there is at
    /// least one. One consumer loop calls it at a time. Claims are spread over endpoints: one
    /// endpoint's backlog cannot crowd the others out.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Reading failed; nothing was claimed.</exception>
    ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Ends the lease: the outcome is stored. Idempotent.</summary>
    ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the lease without an outcome and makes the delivery receivable again at
    /// <paramref name="until"/>. Uses up nothing of the schedule. Idempotent.
    /// </summary>
    ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Says, after the store has committed it, that a delivery was cancelled, parked or started anew, so
    /// that what is queued of it is old news. A hint: a queue in this process drops it, or marks its claim
    /// (<see cref="ClaimedDelivery.Withdraw"/>); one that others share does nothing, and its claims are
    /// looked up instead (<see cref="ClaimedDelivery.MayBeStale"/>). <see cref="EnqueueAsync"/> of a
    /// later stage says as much. Idempotent.
    /// </summary>
    ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Tells operators' queue of dead letters of one, after the store has recorded it. A hint: the
    /// store is the truth. Nothing to do where the store is the only queue. Idempotent.
    /// </summary>
    ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Finds open deliveries that are overdue and held by nobody (a lost message, a crash) and makes
    /// them receivable. Idempotent, and harmless when many call it. Returns how many it found, or on
    /// an engine that finds them without counting, 0.
    /// </summary>
    ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
