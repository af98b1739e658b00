using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists dead letters, newest event first, then by endpoint id. The work for a page is bounded. One
/// that is older than dead letters are kept is left out, also where its event lives on.
/// </summary>
internal sealed class DeadLetterLists(
    EventItems items,
    EventShards shards,
    StatusIndex index,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Most entries of the index that a page looks at, but for those of one event.</summary>
    internal const int ExaminedMax = 2000;

    public async Task<DeadLetterPage> ListAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    )
    {
        // The last page may have ended within an event: its entries are met again, and passed over.
        var range = KeyRange.Between(query.Since, query.Until).Through(query.After?.EventId);
        var wanted = query.EndpointId is null ? query.Limit : ExaminedMax;
        var found = index.Read(query.TenantId, DeliveryStatus.DeadLetter, range, wanted);
        var candidates = new List<DeliveryKey>();
        DeadLetterPosition? last = null;
        while (candidates.Count < query.Limit && found.Taken < ExaminedMax)
        {
            var keys = await StatusIndex.TakeEventAsync(found, cancellationToken);
            foreach (var key in keys.Where(key => IsAfter(key, query.After)))
            {
                if (candidates.Count == query.Limit)
                {
                    // Of this event there is more.
                    return await PageAsync(query, candidates, last, cancellationToken);
                }

                last = new DeadLetterPosition(key.EventId, key.EndpointId);
                if (query.EndpointId is null || query.EndpointId == key.EndpointId)
                {
                    candidates.Add(key);
                }
            }

            if (keys.Count == 0)
            {
                break;
            }
        }

        var next = await found.PeekAsync(cancellationToken) is null ? null : last;
        return await PageAsync(query, candidates, next, cancellationToken);
    }

    private async Task<DeadLetterPage> PageAsync(
        DeadLetterQuery query,
        List<DeliveryKey> candidates,
        DeadLetterPosition? next,
        CancellationToken cancellationToken
    )
    {
        var tenant = query.TenantId;
        var history = await shards.FindAsync(tenant, cancellationToken);
        var read = await items.FindManyAsync(
            candidates.Select(key => ItemKeys.Of(history.PartitionOf(tenant, key.EventId), key)),
            DeliveryItem.ListedFields,
            cancellationToken
        );
        var types = query.IsByType
            ? await index.TypesAsync(history, candidates, cancellationToken)
            : null;
        var keptFrom = time.GetUtcNow() - options.Retention.DeadLetters;
        return new DeadLetterPage(
            [
                .. read.Select(DeliveryItem.Read)
                    .Where(delivery =>
                        delivery.Status == DeliveryStatus.DeadLetter
                        && delivery.UpdatedAt > keptFrom
                        && query.Accepts(delivery)
                        && (
                            types is null
                            || (
                                types.TryGetValue(delivery.Key.EventId, out var type)
                                && query.EventTypes.Matches(type)
                            )
                        )
                    )
                    .OrderByDescending(delivery => delivery.Key.EventId)
                    .ThenBy(delivery => delivery.Key.EndpointId),
            ],
            next
        );
    }

    private static bool IsAfter(DeliveryKey key, DeadLetterPosition? position) =>
        position is not { } after
        || key.EventId != after.EventId
        || key.EndpointId.CompareTo(after.EndpointId) > 0;
}
