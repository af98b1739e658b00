using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Gives an event more time where it would be deleted too soon: one whose delivery is restarted or
/// attempted long after its creation. Its deliveries get it too, since one that went before its event
/// would read as PENDING again, and so does its payload in the bucket.
/// </summary>
internal sealed class EventKeeping(
    EventItems items,
    EventReads reads,
    PayloadBucket bucket,
    AwsEngineOptions options,
    ILogger logger
)
{
    /// <summary>Sees to it that an event is kept until a time, reading it only if it is that old.</summary>
    public async Task KeepAsync(
        string partition,
        DeliveryKey key,
        DateTimeOffset until,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (
            until.ToUnixTimeSeconds()
            <= Lifetimes.OfEvent(IdTimes.CreatedAt(key.EventId), options.Retention)
        )
        {
            return;
        }

        if (await reads.FindGroupAsync(partition, key.EventId, cancellationToken) is { } group)
        {
            await KeepAsync(group, until, now, cancellationToken);
        }
    }

    /// <summary>Sees to it that an event that was read is kept until a time.</summary>
    public async Task KeepAsync(
        EventGroup group,
        DateTimeOffset until,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (until.ToUnixTimeSeconds() <= group.Item.Ttl)
        {
            return;
        }

        // The event last: if this is not carried through, it is the event that tells the next one to.
        var @event = group.Item.Event;
        if (group.Item.InBucket)
        {
            await bucket.RenewAsync(@event.TenantId, @event.Id, cancellationToken);
        }

        foreach (var item in group.Items.Reverse())
        {
            var ttl =
                item == group.Items[0]
                    ? Lifetimes.OfEvent(now, options.Retention)
                    : Lifetimes.OfDelivery(now, options.Retention);
            var update = new ItemUpdate().Set(EventsTable.Ttl, ttl.ToAttribute());
            update.When($"attribute_exists({update.Name(EventsTable.EventId)})");
            await items.TryUpdateAsync(update, ItemKeys.Of(item), cancellationToken);
        }

        EventStoreLog.KeptLonger(logger, @event.Id.ToString(), @event.TenantId.Value);
    }
}
