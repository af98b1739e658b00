using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists dead letters, newest event first, then by endpoint id. The work for a page is bounded. One
/// that is older than dead letters are kept is left out, also where its event lives on.
/// </summary>
internal sealed class DeadLetterLists(
    EventItems items,
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
        var found = index.Read(query.TenantId, DeliveryStatus.DeadLetter, range);
        var candidates = new List<Item>();
        DeadLetterPosition? last = null;
        var ended = false;
        while (candidates.Count < query.Limit && found.Taken < ExaminedMax && !ended)
        {
            var group = await TakeEventAsync(found, cancellationToken);
            ended = group.Count == 0;
            foreach (var item in group.Where(each => IsAfter(each, query.After)))
            {
                if (candidates.Count == query.Limit)
                {
                    // Of this event there is more.
                    return await PageAsync(candidates, last, cancellationToken);
                }

                var key = StatusIndex.KeyOf(item);
                last = new DeadLetterPosition(key.EventId, key.EndpointId);
                if (query.EndpointId is null || query.EndpointId == key.EndpointId)
                {
                    candidates.Add(item);
                }
            }
        }

        ended = ended || await found.PeekAsync(cancellationToken) is null;
        return await PageAsync(candidates, ended ? null : last, cancellationToken);
    }

    private async Task<DeadLetterPage> PageAsync(
        List<Item> candidates,
        DeadLetterPosition? next,
        CancellationToken cancellationToken
    )
    {
        var read = await items.FindManyAsync(
            candidates.Select(ItemKeys.Of),
            DeliveryItem.ListedFields,
            cancellationToken
        );
        var keptFrom = time.GetUtcNow() - options.Retention.DeadLetters;
        return new DeadLetterPage(
            [
                .. read.Select(DeliveryItem.Read)
                    .Where(delivery =>
                        delivery.Status == DeliveryStatus.DeadLetter
                        && delivery.UpdatedAt > keptFrom
                    )
                    .OrderByDescending(delivery => delivery.Key.EventId)
                    .ThenBy(delivery => delivery.Key.EndpointId),
            ],
            next
        );
    }

    /// <summary>Takes the entries of the next event, by endpoint id; none at the end.</summary>
    private static async Task<IReadOnlyList<Item>> TakeEventAsync(
        MergedItems found,
        CancellationToken cancellationToken
    )
    {
        EventId? taken = null;
        var group = new List<Item>();
        while (
            await found.PeekAsync(cancellationToken) is { } item
            && StatusIndex.KeyOf(item).EventId is var eventId
            && (taken is null || taken == eventId)
        )
        {
            taken = eventId;
            group.Insert(0, item);
            found.Take();
        }

        return group;
    }

    private static bool IsAfter(Item item, DeadLetterPosition? position)
    {
        var key = StatusIndex.KeyOf(item);
        return position is not { } after
            || key.EventId != after.EventId
            || key.EndpointId.CompareTo(after.EndpointId) > 0;
    }
}
