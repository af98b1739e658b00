using Amazon.DynamoDBv2;
using Amazon.S3;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Aws;

/// <summary>Events, deliveries and attempts in DynamoDB, large payloads in S3. Thread-safe.</summary>
/// <remarks>
/// Known limits: the last 20 attempts of a delivery are kept, and the response excerpt of the last; a
/// list runs some moments behind; <see cref="CancelAsync"/> finds PENDING deliveries only among a
/// tenant's newest 2,000 items, and leaves older ones to the worker that meets them.
/// </remarks>
internal sealed class DynamoEventStore : IEventStore
{
    private readonly EventReads _reads;
    private readonly EventAppends _appends;
    private readonly IdempotencyKeys _keys;
    private readonly KeyedAppends _keyedAppends;
    private readonly AttemptWrites _attempts;
    private readonly TransitionWrites _transitions;
    private readonly BacklogWrites _backlog;
    private readonly EventLists _lists;
    private readonly StatusLists _statusLists;
    private readonly DeadLetterLists _deadLetters;
    private readonly DeliveryLists _deliveryLists;
    private readonly DeliveryWrites _deliveries;
    private readonly EventErasure _erasure;

    public DynamoEventStore(
        IAmazonDynamoDB dynamo,
        IAmazonS3 s3,
        EventShards shards,
        TimeProvider time,
        AwsEngineOptions options,
        ILogger<DynamoEventStore> logger
    )
    {
        var items = new EventItems(dynamo, options);
        var bucket = new PayloadBucket(s3, options);
        var index = new StatusIndex(items);
        _reads = new EventReads(items, shards, bucket, time, options);
        _appends = new EventAppends(items, shards, bucket, options);
        _keys = new IdempotencyKeys(items);
        _keyedAppends = new KeyedAppends(_keys, _appends, time, options, logger);
        var keeping = new EventKeeping(items, _reads, bucket, options, logger);
        _attempts = new AttemptWrites(items, _reads, keeping, time, options);
        _transitions = new TransitionWrites(items, _reads, keeping, options);
        _lists = new EventLists(items, shards, time, options);
        _statusLists = new StatusLists(items, shards, index, time, options);
        _deadLetters = new DeadLetterLists(items, shards, index, time, options);
        _backlog = new BacklogWrites(items, _lists, index, _transitions, keeping, options);
        _deliveryLists = new DeliveryLists(items, shards, index, _lists, time, options);
        _deliveries = new DeliveryWrites(items, _reads, keeping, _backlog, options);
        _erasure = new EventErasure(items, shards, bucket);
    }

    public async ValueTask<AppendResult> AppendAsync(
        EventAppend append,
        CancellationToken cancellationToken
    )
    {
        if (append.Idempotency is { } claim)
        {
            return await _keyedAppends.AppendAsync(append, claim, cancellationToken);
        }

        await _appends.AppendAsync(append.Event, append.Endpoints, cancellationToken);
        return new AppendResult.Appended(append.Event.Id, append.Endpoints);
    }

    public ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    ) => new(_keys.SettleAsync(tenant, claim.Key, eventId, cancellationToken));

    public ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => new(_reads.FindAsync(tenant, eventId, cancellationToken));

    public ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => new(_reads.FindPayloadAsync(tenant, eventId, cancellationToken));

    public ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken) =>
        new(
            query.Status is { } status && EventsTable.IsUnhappy(status)
                ? _statusLists.ListAsync(query, cancellationToken)
                : _lists.ListAsync(query, cancellationToken)
        );

    public ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => new(_reads.ListAttemptsAsync(tenant, eventId, cancellationToken));

    public ValueTask<bool> RecordAttemptAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    )
    {
        if (transition.Status.IsOpen() != transition.NextAttemptAt is not null)
        {
            throw new ArgumentException(
                "A delivery has a next attempt if and only if it is open.",
                nameof(transition)
            );
        }

        return new(_attempts.RecordAsync(attempt, transition, cancellationToken));
    }

    public ValueTask<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (
            status
            is not (DeliveryStatus.Parked or DeliveryStatus.Cancelled or DeliveryStatus.DeadLetter)
        )
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "Not set aside by that.");
        }

        return new(_transitions.SetAsideAsync(key, fence, status, reason, now, cancellationToken));
    }

    public ValueTask<DueDelivery?> RestartAsync(
        DeliveryRestart restart,
        CancellationToken cancellationToken
    ) => new(_transitions.RestartAsync(restart, cancellationToken));

    public ValueTask<DueDelivery?> AddDeliveryAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => new(_deliveries.AddAsync(key, source, park, dueAt, now, cancellationToken));

    public ValueTask<bool> CancelDeliveryAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => new(_deliveries.CancelAsync(key, generation, reason, now, cancellationToken));

    public ValueTask<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    ) => new(_deliveries.IsDueAsync(key, fence, cancellationToken));

    public ValueTask<DeliveryPage> ListDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) => new(_deliveryLists.ListAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    ) => new(_backlog.ResumeAsync(endpoint, limit, pace, cancellationToken));

    public ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => new(_backlog.CancelAsync(endpoint, limit, reason, now, cancellationToken));

    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    ) => new(_deadLetters.ListAsync(query, cancellationToken));

    // Reads leave out what has expired, and DynamoDB deletes it.
    public ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) => new(0);

    public ValueTask<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    ) => new(_erasure.EraseAsync(tenant, limit, cancellationToken));
}
