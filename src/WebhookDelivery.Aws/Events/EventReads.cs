using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>Reads single events, consistently.</summary>
internal sealed class EventReads(
    EventItems items,
    EventShards shards,
    PayloadBucket bucket,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>An event with payload and deliveries; null if there is none, or it has expired.</summary>
    /// <exception cref="StoreUnavailableException">Its payload is not in the bucket.</exception>
    public async Task<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        if (await FindLiveAsync(tenant, eventId, cancellationToken) is not { } group)
        {
            return null;
        }

        var stored = group.ToStored();
        return group.Item.InBucket
            ? stored with
            {
                Event = stored.Event with
                {
                    Payload = await FetchAsync(tenant, eventId, cancellationToken),
                },
            }
            : stored;
    }

    /// <summary>The payload; null if there is no such event, or it has expired.</summary>
    /// <exception cref="StoreUnavailableException">It is not in the bucket.</exception>
    public async Task<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        // What cannot have expired yet needs no look at its deliveries.
        if (IdTimes.CreatedAt(eventId) + options.Retention.Least() <= time.GetUtcNow())
        {
            var stored = await FindAsync(tenant, eventId, cancellationToken);
            return stored?.Event.Payload;
        }

        var found = await items.FindAsync(
            ItemKeys.Of(await PartitionAsync(tenant, eventId, cancellationToken), eventId),
            cancellationToken
        );
        return found is null
            ? default(ReadOnlyMemory<byte>?)
            : EventItem.Read(found).InlinePayload
                ?? await FetchAsync(tenant, eventId, cancellationToken);
    }

    /// <summary>An event's attempts, oldest first; of equal times, as they were recorded.</summary>
    public async Task<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        var group = await FindLiveAsync(tenant, eventId, cancellationToken);
        return
        [
            .. (group?.Deliveries ?? [])
                .SelectMany(delivery => Attempts(group!, delivery.Key))
                .OrderBy(attempt => attempt.StartedAt),
        ];
    }

    /// <summary>An event with its deliveries, expired or not; null if there is none.</summary>
    public async Task<EventGroup?> FindGroupAsync(
        string partition,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        var stream = new ItemStream(
            items,
            ItemQueries.OfEvent(items.Table, partition, eventId, fields: null)
        );
        var found = new List<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>>();
        await stream.FillAsync(cancellationToken);
        while (stream.Next is { } item)
        {
            found.Add(item);
            stream.Advance();
            await stream.FillAsync(cancellationToken);
        }

        return EventGroup.Read(found);
    }

    /// <summary>The partition of an event.</summary>
    public async ValueTask<string> PartitionAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        var history = await shards.FindAsync(tenant, cancellationToken);
        return EventsTable.Partition(tenant, eventId, history.At(eventId));
    }

    private async Task<EventGroup?> FindLiveAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        var partition = await PartitionAsync(tenant, eventId, cancellationToken);
        var group = await FindGroupAsync(partition, eventId, cancellationToken);
        return group?.IsExpired(time.GetUtcNow(), options.Retention) == true ? null : group;
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) =>
        await bucket.FindAsync(tenant, eventId, cancellationToken)
        ?? throw new StoreUnavailableException($"The payload of {eventId} is not in the bucket.");

    private static List<Attempt> Attempts(EventGroup group, DeliveryKey key)
    {
        if (group.ItemOf(key.EndpointId) is not { } item)
        {
            return [];
        }

        var attempts = DeliveryItem
            .Log(item)
            .Select(entry => AttemptBytes.Read(key, entry))
            .ToList();
        if (attempts is [.., var last])
        {
            attempts[^1] = last with
            {
                Outcome = last.Outcome with
                {
                    ResponseExcerpt = item.BytesOrNone(Field.Excerpt),
                    ResponseHeaders = ResponseHeaders.OfLines(item.BytesOrNone(Field.Headers)),
                },
            };
        }

        return attempts;
    }
}
