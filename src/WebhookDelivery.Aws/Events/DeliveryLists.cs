using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists one endpoint's deliveries, oldest event first: FAILED, PARKED and DEAD_LETTER ones by the index
/// that holds just these, others by the tenant's partitions. The work for a page is bounded.
/// </summary>
internal sealed class DeliveryLists(
    EventItems items,
    EventShards shards,
    StatusIndex index,
    EventLists events,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Most entries of the index that a page looks at.</summary>
    private const int EntriesMax = 2000;

    public Task<DeliveryPage> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        query.Statuses.Count > 0 && query.Statuses.All(EventsTable.IsUnhappy)
            ? ByIndexAsync(query, cancellationToken)
            : ByPartitionsAsync(query, cancellationToken);

    private async Task<DeliveryPage> ByIndexAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    )
    {
        var found = index.ReadAscending(
            query.TenantId,
            query.Statuses,
            KeyRange.Between(query.Since, query.Until).After(query.After),
            EntriesMax
        );
        var candidates = new List<DeliveryKey>();
        var last = query.After;
        while (await found.PeekAsync(cancellationToken) is { } item)
        {
            if (candidates.Count == query.Limit || found.Taken >= EntriesMax)
            {
                return await PageAsync(query, candidates, last, cancellationToken);
            }

            var key = StatusIndex.KeyOf(item);
            found.Take();
            // One that has just moved may stand under two statuses.
            if (
                key.EndpointId == query.EndpointId
                && (candidates is not [.., var end] || end != key)
            )
            {
                candidates.Add(key);
            }

            last = key.EventId;
        }

        return await PageAsync(query, candidates, next: null, cancellationToken);
    }

    private async Task<DeliveryPage> PageAsync(
        DeliveryQuery query,
        List<DeliveryKey> candidates,
        EventId? next,
        CancellationToken cancellationToken
    )
    {
        var history = await shards.FindAsync(query.TenantId, cancellationToken);
        var deliveries = await items.FindManyAsync(
            candidates.Select(key =>
                ItemKeys.Of(history.PartitionOf(query.TenantId, key.EventId), key)
            ),
            DeliveryItem.ListedFields,
            cancellationToken
        );
        var types = query.EventTypes.Equals(EventTypeFilter.All)
            ? null
            : await index.TypesAsync(history, candidates, cancellationToken);
        var now = time.GetUtcNow();
        return new DeliveryPage(
            [
                .. deliveries
                    .Select(DeliveryItem.Read)
                    .Where(delivery =>
                    {
                        var type = types?.GetValueOrDefault(delivery.Key.EventId);
                        return (types?.ContainsKey(delivery.Key.EventId) ?? true)
                            && query.Accepts(delivery, type)
                            && IsKept(delivery, now);
                    })
                    .OrderBy(delivery => delivery.Key.EventId),
            ],
            next
        );
    }

    private async Task<DeliveryPage> ByPartitionsAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    )
    {
        var range = KeyRange.Between(query.Since, query.Until).After(query.After);
        var found = await events.OpenAsync(
            query.TenantId,
            range,
            EventLists.ExaminedMax,
            cancellationToken,
            ascending: true
        );
        var now = time.GetUtcNow();
        var page = new List<Delivery>();
        while (await EventLists.TakeEventAsync(found, before: null, cancellationToken) is { } taken)
        {
            var delivery = taken.Group?.Deliveries.FirstOrDefault(each =>
                each.Key.EndpointId == query.EndpointId
            );
            if (
                delivery is not null
                && query.Accepts(delivery, taken.Group!.Item.Event.Type)
                && IsKept(delivery, now)
            )
            {
                page.Add(delivery);
            }

            if (
                (page.Count == query.Limit || EventLists.IsEnough(found))
                && await found.PeekAsync(cancellationToken) is not null
            )
            {
                return new DeliveryPage(page, taken.EventId);
            }
        }

        return new DeliveryPage(page, null);
    }

    private bool IsKept(Delivery delivery, DateTimeOffset now) =>
        delivery.Status.IsOpen()
        || delivery.UpdatedAt + options.Retention.Of(delivery.Status) > now;
}
