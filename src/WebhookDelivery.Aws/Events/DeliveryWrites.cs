using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using EventField = WebhookDelivery.Aws.EventsTable.EventField;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>Adds and cancels single deliveries, and tells whether one is still due.</summary>
internal sealed class DeliveryWrites(
    EventItems items,
    EventReads reads,
    EventKeeping keeping,
    BacklogWrites backlog,
    AwsEngineOptions options
)
{
    /// <summary>
    /// Adds a delivery to an event that was not routed there; null if there is no such event, or such a
    /// delivery.
    /// </summary>
    public async Task<DueDelivery?> AddAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        var group = await reads.FindGroupAsync(partition, key.EventId, cancellationToken);
        if (group is null || group.IsExpired(now, options.Retention))
        {
            return null;
        }

        if (group.Deliveries.Any(each => each.Key == key))
        {
            // Whoever added it may have come no further.
            await ListAsync(partition, group, key, cancellationToken);
            return null;
        }

        // First, so that it holds however soon DynamoDB comes by.
        var until = now + Lifetimes.ScheduleMax + Lifetimes.Kept(options.Retention);
        await keeping.KeepAsync(group, until, now, cancellationToken);
        var status = park ? DeliveryStatus.Parked : DeliveryStatus.Pending;
        var update = new ItemUpdate()
            .SetState(key, status, park ? null : dueAt, now, options)
            .SetUntouched(now)
            .SetSource(source)
            .Set(Field.Added, 1.ToAttribute());
        if (park)
        {
            update.Set(Field.LastReason, ReasonCode.EndpointDisabled.ToCode().ToAttribute());
        }

        update.When($"attribute_not_exists({update.Name(EventsTable.EventId)})");
        if (!await items.TryUpdateAsync(update, ItemKeys.Of(partition, key), cancellationToken))
        {
            return null;
        }

        await ListAsync(partition, group, key, cancellationToken);
        var added = DeliveryItem.Untouched(key, group.Item) with { Source = source };
        return group.Item.Due(added, dueAt.InWholeMs());
    }

    /// <summary>Moves an open or parked delivery to CANCELLED. True if it moved.</summary>
    public async Task<bool> CancelAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        var group = await reads.FindGroupAsync(partition, key.EventId, cancellationToken);
        var delivery = group?.Deliveries.FirstOrDefault(each => each.Key == key);
        if (group is null || delivery is null || group.IsExpired(now, options.Retention))
        {
            return false;
        }

        var item = ItemKeys.Of(partition, key);
        if (!await backlog.CancelOneAsync(item, generation, reason, now, cancellationToken))
        {
            return false;
        }

        await keeping.KeepAsync(
            partition,
            key,
            now + Lifetimes.Kept(options.Retention),
            now,
            cancellationToken
        );
        return true;
    }

    /// <summary>Whether a delivery is open and at a stage.</summary>
    public async Task<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    )
    {
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        var item = await items.FindAsync(ItemKeys.Of(partition, key), cancellationToken);
        if (item is not null)
        {
            return DeliveryItem.Status(item).IsOpen()
                && item.Int32(Field.Generation) == fence.Generation
                && item.Int32(Field.GenerationAttempts) == fence.GenerationAttempts;
        }

        if (fence is not { Generation: 1, GenerationAttempts: 0 })
        {
            return false;
        }

        var @event = await items.FindAsync(ItemKeys.Of(partition, key.EventId), cancellationToken);
        return @event is not null && EventItem.Read(@event).Endpoints.Contains(key.EndpointId);
    }

    /// <summary>
    /// Names an added delivery in its event's item: lists read an event's deliveries by what that names.
    /// </summary>
    private async Task ListAsync(
        string partition,
        EventGroup group,
        DeliveryKey key,
        CancellationToken cancellationToken
    )
    {
        if (
            group.Item.Endpoints.Contains(key.EndpointId)
            || group.Item.Added.Contains(key.EndpointId)
        )
        {
            return;
        }

        var update = new ItemUpdate().AddToSet(EventField.Added, key.EndpointId.ToString());
        update.When($"attribute_exists({update.Name(EventsTable.EventId)})");
        await items.TryUpdateAsync(update, ItemKeys.Of(partition, key.EventId), cancellationToken);
    }
}
