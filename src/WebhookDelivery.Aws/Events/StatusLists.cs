using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists events with a FAILED, PARKED or DEAD_LETTER delivery by the index that holds just these,
/// newest first. The work for a page is bounded.
/// </summary>
internal sealed class StatusLists(
    EventItems items,
    EventShards shards,
    StatusIndex index,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Most entries of the index that a page looks at, but for those of one event.</summary>
    internal const int ExaminedMax = 2000;

    /// <summary>Most events that a page reads.</summary>
    private const int EventsMax = 300;

    public async Task<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken)
    {
        var range = KeyRange.Between(query.Since, query.Until).Before(query.Before);
        var wanted = query.EndpointId is null ? 2 * query.Limit : ExaminedMax;
        var found = index.Read(query.TenantId, query.Status!.Value, range, wanted);
        var history = await shards.FindAsync(query.TenantId, cancellationToken);
        var now = time.GetUtcNow();
        var page = new List<StoredEvent>();
        for (var read = 0; ; )
        {
            var (events, last) = await TakeAsync(
                found,
                query,
                query.Limit - page.Count,
                cancellationToken
            );
            read += events.Count;
            var groups = await ReadAsync(
                events.ConvertAll(id => ItemKeys.Of(history.PartitionOf(query.TenantId, id), id)),
                cancellationToken
            );
            page.AddRange(
                groups
                    .Where(group => EventFilter.Matches(group, query, now, options.Retention))
                    .OrderByDescending(group => group.Item.Event.Id)
                    .Select(group => group.ToStored())
            );
            if (await found.PeekAsync(cancellationToken) is null)
            {
                return new EventPage(page, null);
            }

            if (page.Count == query.Limit || found.Taken >= ExaminedMax || read >= EventsMax)
            {
                return new EventPage(page, last);
            }
        }
    }

    /// <summary>Takes the next events that have what the query asks for, as far as the index tells.</summary>
    private static async Task<(List<EventId> Events, EventId? Last)> TakeAsync(
        MergedItems found,
        EventQuery query,
        int max,
        CancellationToken cancellationToken
    )
    {
        var events = new List<EventId>();
        EventId? last = null;
        while (events.Count < max && found.Taken < ExaminedMax)
        {
            var keys = await StatusIndex.TakeEventAsync(found, cancellationToken);
            if (keys.Count == 0)
            {
                break;
            }

            last = keys[0].EventId;
            if (query.EndpointId is not { } only || keys.Any(key => key.EndpointId == only))
            {
                events.Add(keys[0].EventId);
            }
        }

        return (events, last);
    }

    /// <summary>Reads events with their deliveries: two rounds, since it takes the event to name these.</summary>
    private async Task<IReadOnlyList<EventGroup>> ReadAsync(
        List<Item> keys,
        CancellationToken cancellationToken
    )
    {
        var events = await items.FindManyAsync(keys, EventItem.ListedFields, cancellationToken);
        var deliveries = await items.FindManyAsync(
            events.SelectMany(DeliveryKeys),
            DeliveryItem.ListedFields,
            cancellationToken
        );
        var byEvent = deliveries.ToLookup(item => StatusIndex.KeyOf(item).EventId);
        return
        [
            .. events
                .Select(item => EventGroup.Read([item, .. byEvent[EventItem.Read(item).Event.Id]]))
                .OfType<EventGroup>(),
        ];
    }

    private static IEnumerable<Item> DeliveryKeys(Item item)
    {
        var read = EventItem.Read(item);
        var (tenant, eventId) = (read.Event.TenantId, read.Event.Id);
        return read
            .Endpoints.Concat(read.Added)
            .Select(endpoint =>
                ItemKeys.Of(ItemKeys.Partition(item), new DeliveryKey(tenant, eventId, endpoint))
            );
    }
}
