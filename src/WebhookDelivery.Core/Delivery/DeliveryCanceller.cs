namespace WebhookDelivery.Core;

/// <summary>Calls off an event's deliveries on request. Thread-safe.</summary>
public sealed class DeliveryCanceller(
    IEventStore store,
    IDeliveryQueue queue,
    DeliveryStatistics statistics,
    TimeProvider time
)
{
    /// <summary>Cancels an event's deliveries that are open or parked.</summary>
    /// <param name="tenant">Whose event.</param>
    /// <param name="eventId">Which event.</param>
    /// <param name="endpoint">Only the delivery to this endpoint; null for all.</param>
    /// <param name="cancellationToken">Stops before the next delivery is cancelled.</param>
    public async ValueTask<Cancellation> CancelAsync(
        TenantId tenant,
        EventId eventId,
        EndpointId? endpoint,
        CancellationToken cancellationToken
    )
    {
        var stored = await store.FindAsync(tenant, eventId, cancellationToken);
        var wanted = stored
            ?.Deliveries.Where(each => endpoint is null || each.Key.EndpointId == endpoint)
            .ToList();
        if (wanted is null || (endpoint is not null && wanted.Count == 0))
        {
            return new Cancellation.NotFound();
        }

        var now = time.GetUtcNow();
        var cancelled = new List<EndpointId>(wanted.Count);
        foreach (var delivery in wanted)
        {
            var moved = await store.CancelDeliveryAsync(
                delivery.Key,
                generation: null,
                ReasonCode.Cancelled,
                now,
                cancellationToken
            );
            if (moved)
            {
                cancelled.Add(delivery.Key.EndpointId);
                statistics.SetAside(delivery.Key.Endpoint, DeliveryStatus.Cancelled, 1, now);
                await queue.WithdrawAsync(delivery.Key, CancellationToken.None);
            }
        }

        return cancelled.Count > 0
            ? new Cancellation.Done(cancelled)
            : new Cancellation.NothingToCancel();
    }
}
