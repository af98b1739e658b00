using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Tells which deliveries are dead letters now: many at once, and nothing of their events. Thread-safe.
/// </summary>
internal sealed class DeadLetterStates(
    IAmazonDynamoDB dynamo,
    EventShards shards,
    AwsEngineOptions options,
    TimeProvider time
)
{
    /// <summary>Most items that DynamoDB reads at once.</summary>
    private const int BatchMax = 100;

    /// <summary>
    /// Reads, consistently, in which generation each delivery is a dead letter; null for one that is
    /// none, as it is something else or gone. What DynamoDB left unread is missing.
    /// </summary>
    /// <exception cref="StoreUnavailableException">DynamoDB refused.</exception>
    public async ValueTask<IReadOnlyDictionary<DeliveryKey, int?>> ReadAsync(
        IEnumerable<DeliveryKey> keys,
        CancellationToken cancellationToken
    )
    {
        var states = new Dictionary<DeliveryKey, int?>();
        foreach (var batch in keys.Distinct().Chunk(BatchMax))
        {
            await ReadBatchAsync(batch, states, cancellationToken);
        }

        return states;
    }

    private async ValueTask ReadBatchAsync(
        DeliveryKey[] keys,
        Dictionary<DeliveryKey, int?> states,
        CancellationToken cancellationToken
    )
    {
        var places = new Dictionary<(string Partition, string SortKey), DeliveryKey>();
        foreach (var key in keys)
        {
            var history = await shards.FindAsync(key.TenantId, cancellationToken);
            var partition = EventsTable.Partition(
                key.TenantId,
                key.EventId,
                history.At(key.EventId)
            );
            places.Add((partition, EventsTable.SortKey(key)), key);
        }

        var request = new BatchGetItemRequest
        {
            RequestItems = new() { [options.EventsTable] = AskFor(places.Keys) },
        };
        var response = await AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.BatchGetItemAsync(request, token),
            cancellationToken
        );
        foreach (var key in keys)
        {
            states.Add(key, null);
        }

        var unread = response.UnprocessedKeys?.GetValueOrDefault(options.EventsTable)?.Keys ?? [];
        foreach (var item in unread)
        {
            states.Remove(places[PlaceOf(item)]);
        }

        foreach (var item in response.Responses?.GetValueOrDefault(options.EventsTable) ?? [])
        {
            states[places[PlaceOf(item)]] = DeadGeneration(item);
        }
    }

    private static KeysAndAttributes AskFor(
        IEnumerable<(string Partition, string SortKey)> places
    ) =>
        new()
        {
            ConsistentRead = true,
            ProjectionExpression = "#partition, #sort, #status, #generation, #ttl",
            ExpressionAttributeNames = new()
            {
                ["#partition"] = EventsTable.TenantId,
                ["#sort"] = EventsTable.EventId,
                ["#status"] = EventsTable.DeliveryField.Status,
                ["#generation"] = EventsTable.DeliveryField.Generation,
                ["#ttl"] = EventsTable.Ttl,
            },
            Keys =
            [
                .. places.Select(place => new Dictionary<string, AttributeValue>
                {
                    [EventsTable.TenantId] = new(place.Partition),
                    [EventsTable.EventId] = new(place.SortKey),
                }),
            ],
        };

    private static (string Partition, string SortKey) PlaceOf(
        Dictionary<string, AttributeValue> item
    ) => (item[EventsTable.TenantId].S, item[EventsTable.EventId].S);

    /// <summary>What has expired may still be there: DynamoDB deletes it within days.</summary>
    private int? DeadGeneration(Dictionary<string, AttributeValue> item)
    {
        var dead =
            item[EventsTable.DeliveryField.Status].S == DeliveryStatus.DeadLetter.ToCode()
            && !(
                item.TryGetValue(EventsTable.Ttl, out var ttl)
                && long.Parse(ttl.N, CultureInfo.InvariantCulture)
                    <= time.GetUtcNow().ToUnixTimeSeconds()
            );
        return dead
            ? int.Parse(
                item[EventsTable.DeliveryField.Generation].N,
                CultureInfo.InvariantCulture
            )
            : null;
    }
}
