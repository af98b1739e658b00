using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Events, deliveries and attempts in SQLite. Writes go through the writer, reads around it.</summary>
internal sealed class SqliteEventStore(
    Writer writer,
    ReaderPool readers,
    SqliteEngineOptions options
) : IEventStore, IDisposable
{
    private readonly RetentionPass _retention = new(readers, writer);

    public ValueTask<AppendResult> AppendAsync(
        EventAppend append,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(writer.AppendAsync(append));
    }

    // Event, deliveries and key commit together, so that a key never stands for half an append.
    public ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((tenant, eventId), EventReads.Find, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((tenant, eventId), EventReads.FindPayload, cancellationToken);

    public ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(query, EventLists.List, cancellationToken);

    public ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((tenant, eventId), EventReads.ListAttempts, cancellationToken);

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

        return new(
            writer.ChangeAsync((attempt, transition), AttemptWrite.Apply, cancellationToken)
        );
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

        return new(
            writer.ChangeAsync(
                new TransitionWrites.SetAside(key, fence, status, reason, now),
                TransitionWrites.Apply,
                cancellationToken
            )
        );
    }

    public ValueTask<DueDelivery?> RestartAsync(
        DeliveryRestart restart,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                new TransitionWrites.Restart(restart, options.PayloadInlineBytesMax),
                TransitionWrites.Apply,
                cancellationToken
            )
        );

    public ValueTask<DueDelivery?> AddDeliveryAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                new DeliveryWrite(key, source, park, dueAt, now, options.PayloadInlineBytesMax),
                DeliveryWrite.Apply,
                cancellationToken
            )
        );

    public ValueTask<bool> CancelDeliveryAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                new TransitionWrites.Cancel(key, generation, reason, now),
                TransitionWrites.Apply,
                cancellationToken
            )
        );

    public ValueTask<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((key, fence), DueRows.IsDue, cancellationToken);

    public ValueTask<DeliveryPage> ListDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(query, DeliveryLists.List, cancellationToken);

    public ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                new BacklogWrites.Resume(endpoint, limit, pace, options.PayloadInlineBytesMax),
                BacklogWrites.Apply,
                cancellationToken
            )
        );

    public ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                new BacklogWrites.Cancel(endpoint, limit, reason, now),
                BacklogWrites.Apply,
                cancellationToken
            )
        );

    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(query, DeadLetterLists.List, cancellationToken);

    public ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) => _retention.StepAsync(retention, now, limit, cancellationToken);

    public ValueTask<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((tenant, limit), EventDeletion.Apply, cancellationToken));

    public void Dispose() => _retention.Dispose();
}
