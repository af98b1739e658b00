namespace WebhookDelivery.Core;

/// <summary>Finds deliveries of an endpoint that there are, oldest event first.</summary>
internal sealed class DeliveryPages(IEventStore store)
{
    public async ValueTask<RecoveryPage> ListAsync(
        Endpoint endpoint,
        RecoveryFilter filter,
        EventId? cursor,
        int max,
        CancellationToken cancellationToken
    )
    {
        var page = await store.ListDeliveriesAsync(
            new DeliveryQuery
            {
                TenantId = endpoint.Key.TenantId,
                EndpointId = endpoint.Key.EndpointId,
                Statuses = filter.Statuses,
                EventTypes = filter.EventTypes,
                Reasons = filter.Reasons,
                Since = filter.Since,
                Until = filter.Until,
                Limit = max,
                After = cursor,
            },
            cancellationToken
        );
        return new RecoveryPage(
            [
                .. page.Deliveries.Select(each => new PlannedDelivery(
                    each.Key.EventId,
                    each.Generation
                )),
            ],
            page.Next
        );
    }

    /// <summary>One delivery; null if it is no more.</summary>
    public async ValueTask<Delivery?> FindAsync(
        EndpointKey endpoint,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        var stored = await store.FindAsync(endpoint.TenantId, eventId, cancellationToken);
        return stored?.Deliveries.FirstOrDefault(each =>
            each.Key.EndpointId == endpoint.EndpointId
        );
    }
}
