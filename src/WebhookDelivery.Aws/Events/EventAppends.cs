using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Writes events: one PutItem, and before it one object where the payload is large.</summary>
internal sealed class EventAppends(
    EventItems items,
    EventShards shards,
    PayloadBucket bucket,
    AwsEngineOptions options
)
{
    /// <summary>Writes an event unless it is there. Idempotent on its id.</summary>
    public async Task AppendAsync(
        Event @event,
        IReadOnlyList<EndpointId> endpoints,
        CancellationToken cancellationToken
    )
    {
        var history = await shards.FindAsync(@event.TenantId, cancellationToken);
        var partition = EventsTable.Partition(@event.TenantId, @event.Id, history.At(@event.Id));
        if (EventItem.IsInBucket(@event, options))
        {
            await bucket.PutAsync(@event, cancellationToken);
        }

        await items.TryPutAsync(
            new PutItemRequest
            {
                TableName = items.Table,
                Item = EventItem.Write(partition, @event, endpoints, options),
                ConditionExpression = $"attribute_not_exists({EventsTable.EventId})",
            },
            cancellationToken
        );
    }
}
