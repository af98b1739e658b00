using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>Moves single deliveries without an attempt.</summary>
internal sealed class TransitionWrites(
    EventItems items,
    EventReads reads,
    EventKeeping keeping,
    AwsEngineOptions options
)
{
    /// <summary>
    /// Restarts that may be lost to others before this one gives up: each of them moved the delivery.
    /// </summary>
    private const int TriesMax = 20;

    /// <summary>Moves an open delivery out of the way, if the fence holds. True if it moved.</summary>
    public async Task<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        var update = Aside(key, status, reason, now)
            .Set(Field.Generation, fence.Generation.ToAttribute())
            .Set(Field.GenerationAttempts, fence.GenerationAttempts.ToAttribute())
            .SetIfAbsent(Field.Attempts, 0.ToAttribute())
            .WhenOpen(fence);
        if (
            fence is { Generation: 1, GenerationAttempts: 0 }
            && !await IsRoutedAsync(partition, key, cancellationToken)
        )
        {
            update.When($"attribute_exists({update.Name(Field.Added)})");
        }

        var moved = await items.TryUpdateAsync(
            update,
            ItemKeys.Of(partition, key),
            cancellationToken
        );
        if (moved)
        {
            await keeping.KeepAsync(
                partition,
                key,
                now + Lifetimes.Kept(options.Retention),
                now,
                cancellationToken
            );
        }

        return moved;
    }

    /// <summary>Starts a delivery's next generation; null if it is not there, or not as demanded.</summary>
    public async Task<DueDelivery?> RestartAsync(
        DeliveryRestart asked,
        CancellationToken cancellationToken
    )
    {
        var (key, now) = (asked.Key, asked.Now);
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var group = await reads.FindGroupAsync(partition, key.EventId, cancellationToken);
            var delivery = group?.Deliveries.FirstOrDefault(each => each.Key == key);
            if (
                group is null
                || delivery is null
                || group.IsExpired(now, options.Retention)
                || !asked.Applies(delivery.Status, delivery.Generation)
            )
            {
                return null;
            }

            // First, so that it holds however soon DynamoDB comes by.
            var until = now + Lifetimes.ScheduleMax + Lifetimes.Kept(options.Retention);
            await keeping.KeepAsync(group, until, now, cancellationToken);
            var there = group.ItemOf(key.EndpointId) is not null;
            var update = Restart(delivery, there, asked);
            if (await items.TryUpdateAsync(update, ItemKeys.Of(partition, key), cancellationToken))
            {
                var restarted = delivery with
                {
                    Generation = delivery.Generation + 1,
                    GenerationAttempts = 0,
                    Source = asked.Source,
                };
                return group.Item.Due(restarted, asked.DueAt.InWholeMs());
            }
        }

        throw new StoreUnavailableException("A delivery is moved by many at once.");
    }

    /// <summary>What setting a delivery aside writes, but for its stage, which stays as it is.</summary>
    public ItemUpdate Aside(
        DeliveryKey key,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now
    ) =>
        new ItemUpdate()
            .SetState(key, status, next: null, now, options)
            .Set(Field.LastReason, reason.ToCode().ToAttribute())
            .Set(Field.UpdatedAt, now.ToAttribute());

    private ItemUpdate Restart(Delivery from, bool there, DeliveryRestart asked)
    {
        var now = asked.Now;
        var update = asked.Park
            ? Aside(from.Key, DeliveryStatus.Parked, ReasonCode.EndpointDisabled, now)
            : new ItemUpdate()
                .SetState(from.Key, DeliveryStatus.Pending, asked.DueAt, now, options)
                .Set(Field.UpdatedAt, now.ToAttribute());
        update
            .SetSource(asked.Source)
            .Set(Field.Generation, (from.Generation + 1).ToAttribute())
            .Set(Field.GenerationAttempts, 0.ToAttribute())
            .SetIfAbsent(Field.Attempts, 0.ToAttribute());
        return there
            ? update
                .When(
                    $"{update.Name(Field.Generation)} = {update.Value("fromGen", from.Generation.ToAttribute())}"
                )
                .When(
                    $"{update.Name(Field.Status)} = {update.Value("from", from.Status.ToCode().ToAttribute())}"
                )
            : update.When($"attribute_not_exists({update.Name(EventsTable.EventId)})");
    }

    /// <summary>
    /// Whether there is such a delivery, with or without an item: an update alone would make one that
    /// never was.
    /// </summary>
    private async Task<bool> IsRoutedAsync(
        string partition,
        DeliveryKey key,
        CancellationToken cancellationToken
    )
    {
        var item = await items.FindAsync(ItemKeys.Of(partition, key.EventId), cancellationToken);
        return item is not null && EventItem.Read(item).Endpoints.Contains(key.EndpointId);
    }
}
