using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists events with a FAILED, PARKED or DEAD_LETTER delivery by the index that holds just these,
/// newest first. The work for a page is bounded.
/// </summary>
internal sealed class StatusLists(
    EventItems items,
    StatusIndex index,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Most entries of the index that a page looks at.</summary>
    internal const int ExaminedMax = 2000;

    /// <summary>Most events that a page reads.</summary>
    private const int EventsMax = 300;

    public async Task<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken)
    {
        // An index entry is of a delivery: the one that the last page ended with is before its own
        // deliveries.
        var range = KeyRange.Between(query.Since, query.Until).Before(query.Before);
        var found = index.Read(query.TenantId, query.Status!.Value, range);
        var now = time.GetUtcNow();
        var page = new List<StoredEvent>();
        EventId? last = null;
        for (var read = 0; ; )
        {
            var candidates = new List<(EventId EventId, string Partition)>();
            while (
                candidates.Count < query.Limit - page.Count
                && found.Taken < ExaminedMax
                && await found.PeekAsync(cancellationToken) is { } item
            )
            {
                found.Take();
                var key = StatusIndex.KeyOf(item);
                var wanted =
                    (query.EndpointId is null || query.EndpointId == key.EndpointId)
                    && !candidates.Exists(each => each.EventId == key.EventId)
                    && !page.Exists(each => each.Event.Id == key.EventId);
                if (wanted)
                {
                    candidates.Add((key.EventId, ItemKeys.Partition(item)));
                }

                last = key.EventId;
            }

            read += candidates.Count;
            var groups = await ReadAsync(candidates, cancellationToken);
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

    /// <summary>Reads events with their deliveries: two rounds, since it takes the event to name these.</summary>
    private async Task<IReadOnlyList<EventGroup>> ReadAsync(
        List<(EventId EventId, string Partition)> wanted,
        CancellationToken cancellationToken
    )
    {
        var events = await items.FindManyAsync(
            wanted.Select(each => ItemKeys.Of(each.Partition, each.EventId)),
            EventItem.ListedFields,
            cancellationToken
        );
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
        var @event = read.Event;
        return read.Endpoints.Select(endpoint =>
            ItemKeys.Of(
                ItemKeys.Partition(item),
                new DeliveryKey(@event.TenantId, @event.Id, endpoint)
            )
        );
    }
}
