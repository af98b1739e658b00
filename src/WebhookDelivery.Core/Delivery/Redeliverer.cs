namespace WebhookDelivery.Core;

/// <summary>Delivers an event again on request, whatever state its deliveries are in. Thread-safe.</summary>
public sealed class Redeliverer(
    TenantDirectory directory,
    IEventStore store,
    IDeliveryQueue queue,
    TimeProvider time,
    DeliveryOptions options
)
{
    /// <summary>Starts a new generation of an event's deliveries.</summary>
    /// <param name="tenant">Whose event.</param>
    /// <param name="eventId">Which event.</param>
    /// <param name="endpoint">Only the delivery to this endpoint; null for all.</param>
    /// <param name="cancellationToken">Stops before the next delivery is started.</param>
    public async ValueTask<Redelivery> RedeliverAsync(
        TenantId tenant,
        EventId eventId,
        EndpointId? endpoint,
        CancellationToken cancellationToken
    )
    {
        var stored = await store.FindAsync(tenant, eventId, cancellationToken);
        var view = await directory.FindAsync(tenant, cancellationToken);
        var wanted = stored
            ?.Deliveries.Where(each => endpoint is null || each.Key.EndpointId == endpoint)
            .ToList();
        if (wanted is null || view is null || (endpoint is not null && wanted.Count == 0))
        {
            return new Redelivery.NotFound();
        }

        var now = time.GetUtcNow();
        var exhausted = 0;
        var started = new List<EndpointId>(wanted.Count);
        foreach (var delivery in wanted)
        {
            if (!view.TryFind(delivery.Key.EndpointId, out var opened))
            {
                continue;
            }

            if (delivery.Generation >= options.GenerationsMax)
            {
                exhausted++;
                continue;
            }

            var due = await store.RestartAsync(
                new DeliveryRestart
                {
                    Key = delivery.Key,
                    Park = opened.Endpoint.Disabled,
                    Source = EventSource.Redeliver,
                    DueAt = now,
                    Now = now,
                },
                cancellationToken
            );
            if (due is null)
            {
                continue;
            }

            started.Add(delivery.Key.EndpointId);
            if (opened.Endpoint.Disabled)
            {
                await queue.WithdrawAsync(delivery.Key, CancellationToken.None);
            }
            else
            {
                await queue.EnqueueAsync([due], CancellationToken.None);
            }
        }

        return started.Count > 0 ? new Redelivery.Started(started)
            : exhausted > 0 ? new Redelivery.LimitReached(options.GenerationsMax)
            : new Redelivery.NothingToDeliver();
    }
}
