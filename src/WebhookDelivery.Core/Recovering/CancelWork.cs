namespace WebhookDelivery.Core;

/// <summary>Cancels what is still to be made.</summary>
internal sealed class CancelWork(
    IEventStore store,
    IDeliveryQueue queue,
    DeliveryStatistics statistics
) : IRecoveryWork
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
        var key = new DeliveryKey(
            recovery.Endpoint.TenantId,
            planned.EventId,
            recovery.Endpoint.EndpointId
        );
        if (
            await store.CancelDeliveryAsync(
                key,
                planned.Generation,
                ReasonCode.Cancelled,
                now,
                cancellationToken
            )
        )
        {
            statistics.SetAside(recovery.Endpoint, DeliveryStatus.Cancelled, 1, now);
            await queue.WithdrawAsync(key, cancellationToken);
            return RecoveryMove.Moved;
        }

        var delivery = isRepeated
            ? await _pages.FindAsync(recovery.Endpoint, planned.EventId, cancellationToken)
            : null;
        return delivery is { Status: DeliveryStatus.Cancelled }
            ? RecoveryMove.Moved
            : RecoveryMove.Skipped;
    }
}
