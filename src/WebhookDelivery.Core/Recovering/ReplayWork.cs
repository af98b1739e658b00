namespace WebhookDelivery.Core;

/// <summary>
/// Adds deliveries of events that have none to the endpoint and that it takes as it is now, newest event
/// first: the store lists events so.
/// </summary>
internal sealed class ReplayWork(IEventStore store, DeliveryStatistics statistics) : IRecoveryWork
{
    /// <summary>As many as the store lists in a page.</summary>
    private const int PageSize = 100;

    private readonly DeliveryPages _pages = new(store);

    public async ValueTask<RecoveryPage> ListAsync(
        Endpoint endpoint,
        RecoveryFilter filter,
        EventId? cursor,
        int max,
        CancellationToken cancellationToken
    )
    {
        var page = await store.ListAsync(
            new EventQuery
            {
                TenantId = endpoint.Key.TenantId,
                Since = filter.Since,
                Until = filter.Until,
                Limit = PageSize,
                Before = cursor,
            },
            cancellationToken
        );
        var found = new List<PlannedDelivery>();
        foreach (var stored in page.Events)
        {
            if (found.Count == max)
            {
                return new RecoveryPage(found, found[^1].EventId);
            }

            if (await TakesAsync(endpoint, filter, stored, cancellationToken))
            {
                found.Add(new(stored.Event.Id, 0));
            }
        }

        return new RecoveryPage(found, page.Next);
    }

    public async ValueTask<RecoveryMove> MoveAsync(
        Recovery recovery,
        PlannedDelivery planned,
        DateTimeOffset dueAt,
        bool isRepeated,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var due = await store.AddDeliveryAsync(
            new(recovery.Endpoint.TenantId, planned.EventId, recovery.Endpoint.EndpointId),
            EventSource.Replay,
            park: false,
            dueAt,
            now,
            cancellationToken
        );
        if (due is not null)
        {
            statistics.Created(recovery.Endpoint, now);
            return RecoveryMove.Started(due);
        }

        var delivery = isRepeated
            ? await _pages.FindAsync(recovery.Endpoint, planned.EventId, cancellationToken)
            : null;
        return delivery is { Source: EventSource.Replay }
            ? RecoveryMove.Moved
            : RecoveryMove.Skipped;
    }

    /// <summary>
    /// Whether the endpoint, as it is now, takes an event that it did not get. Its payload is read only if
    /// nothing else says no, and only by an endpoint with a filter.
    /// </summary>
    private async ValueTask<bool> TakesAsync(
        Endpoint endpoint,
        RecoveryFilter filter,
        StoredEvent stored,
        CancellationToken cancellationToken
    )
    {
        var posted = stored.Event;
        if (
            posted.Source is EventSource.Test or EventSource.Operational
            || !filter.EventTypes.Matches(posted.Type)
            || !EndpointRoute.TakesType(endpoint, posted.Source, posted.Type)
            || stored.Deliveries.Any(each => each.Key.EndpointId == endpoint.Key.EndpointId)
        )
        {
            return false;
        }

        return endpoint.Filter is not { } content
            || (
                await store.FindPayloadAsync(posted.TenantId, posted.Id, cancellationToken)
                    is { } payload
                && content.Matches(payload.Span)
            );
    }
}
