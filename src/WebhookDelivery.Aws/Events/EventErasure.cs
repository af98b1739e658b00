using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.EventField;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Deletes a tenant's events, a bounded piece at a time, and after the last of them what stands beside
/// them: idempotency items, rate counters, statistics, payloads whose event was never written.
/// </summary>
internal sealed class EventErasure(EventItems items, EventShards shards, PayloadBucket bucket)
{
    /// <summary>Most events that one call deletes, whatever its limit: payloads go 1,000 at a time.</summary>
    private const int StepMax = 1000;

    /// <summary>
    /// Returns how many events went; after the last of them at least 1 while something else is left,
    /// and then 0.
    /// </summary>
    public async Task<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var history = await shards.FindAsync(tenant, cancellationToken);
        var left = Math.Min(limit, StepMax);
        foreach (var partition in history.Partitions(tenant))
        {
            left -= await EraseEventsAsync(tenant, partition, left, cancellationToken);
            if (left == 0)
            {
                break;
            }
        }

        var erased = Math.Min(limit, StepMax) - left;
        if (erased > 0)
        {
            return erased;
        }

        // 1 stands for what is left, so that the caller comes again.
        return await TryEraseTheRestAsync(tenant, left, cancellationToken) ? 0 : 1;
    }

    /// <summary>Deletes the first events of a partition, and deliveries that have no event.</summary>
    private async Task<int> EraseEventsAsync(
        TenantId tenant,
        string partition,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var request = ItemQueries.OfPartition(
            items.Table,
            partition,
            KeyRange.All,
            [Field.BodyLength]
        );
        request.ConsistentRead = true;
        request.Limit = Math.Max(20, 3 * limit);
        var found = new ItemStream(items, request);
        var (keys, inBucket, events) = (new List<Item>(), new List<EventId>(), 0);
        await found.FillAsync(cancellationToken);
        while (found.Next is { } item)
        {
            if (!ItemKeys.TryParse(ItemKeys.SortKey(item), out var eventId, out var endpoint))
            {
                throw new FormatException("Neither an event nor a delivery.");
            }

            events += endpoint is null ? 1 : 0;
            if (events > limit)
            {
                break;
            }

            keys.Add(ItemKeys.Of(item));
            if (item.ContainsKey(Field.BodyLength))
            {
                inBucket.Add(eventId);
            }

            found.Advance();
            await found.FillAsync(cancellationToken);
        }

        // The payloads first: only their events know of them.
        await bucket.DeleteAsync(inBucket.Select(id => (tenant, id)), cancellationToken);
        await items.DeleteAsync(keys, cancellationToken);
        return Math.Min(events, limit);
    }

    /// <summary>Deletes up to so many items of what is beside the events; true if nothing is left.</summary>
    private async Task<bool> TryEraseTheRestAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<string> partitions =
        [
            .. IdempotencyKeys.Partitions(tenant),
            $"{tenant}#rate",
            StatisticsItem.PartitionOf(tenant),
        ];
        foreach (var partition in partitions)
        {
            var request = ItemQueries.OfAll(items.Table, partition);
            request.Limit = limit + 1;
            var found = new ItemStream(items, request);
            var keys = new List<Item>();
            await found.FillAsync(cancellationToken);
            while (found.Next is { } item && keys.Count < limit)
            {
                keys.Add(item);
                found.Advance();
                await found.FillAsync(cancellationToken);
            }

            await items.DeleteAsync(keys, cancellationToken);
            limit -= keys.Count;
            if (found.Next is not null)
            {
                return false;
            }
        }

        await bucket.DeleteAllAsync(tenant, cancellationToken);
        return true;
    }
}
