namespace WebhookDelivery.Core;

/// <summary>Starts the next generation of what was not delivered.</summary>
internal sealed class RecoverWork(IEventStore store, DeliveryOptions options) : IRecoveryWork
{
    private readonly DeliveryPages _pages = new(store);

    public ValueTask<RecoveryPage> ListAsync(
        Endpoint endpoint,
        RecoveryFilter filter,
        EventId? cursor,
        int max,
        CancellationToken cancellationToken
    ) => _pages.ListAsync(endpoint, filter, cursor, max, cancellationToken);

    public async ValueTask<RecoveryMove> MoveAsync(
        Recovery recovery,
        PlannedDelivery planned,
        DateTimeOffset dueAt,
        bool isRepeated,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (planned.Generation >= options.GenerationsMax)
        {
            return RecoveryMove.Failed;
        }

        var due = await store.RestartAsync(
            new DeliveryRestart
            {
                Key = new(
                    recovery.Endpoint.TenantId,
                    planned.EventId,
                    recovery.Endpoint.EndpointId
                ),
                OnlyFrom = recovery.Filter.Statuses,
                Generation = planned.Generation,
                Source = EventSource.Recover,
                DueAt = dueAt,
                Now = now,
            },
            cancellationToken
        );
        if (due is not null)
        {
            return RecoveryMove.Started(due);
        }

        var delivery = isRepeated
            ? await _pages.FindAsync(recovery.Endpoint, planned.EventId, cancellationToken)
            : null;
        return
            delivery is { Source: EventSource.Recover } && delivery.Generation > planned.Generation
            ? RecoveryMove.Moved
            : RecoveryMove.Skipped;
    }
}
