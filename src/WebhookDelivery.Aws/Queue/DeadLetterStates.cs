using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Tells which deliveries are dead letters now: many at once, and nothing of their events. Thread-safe.
/// </summary>
/// <remarks>
/// Retention is not asked after: a message is kept no longer than a dead letter, 14 days.
/// </remarks>
internal sealed class DeadLetterStates(
    IAmazonDynamoDB dynamo,
    EventShards shards,
    AwsEngineOptions options
)
{
    /// <summary>Most items that DynamoDB reads at once.</summary>
    private const int BatchMax = 100;

    private static readonly string[] Fields =
    [
        EventsTable.TenantId,
        EventsTable.EventId,
        EventsTable.DeliveryField.Status,
        EventsTable.DeliveryField.Generation,
    ];

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
        var places = new List<Dictionary<string, AttributeValue>>(keys.Length);
        foreach (var key in keys)
        {
            var history = await shards.FindAsync(key.TenantId, cancellationToken);
            var count = history.At(key.EventId);
            places.Add(ItemKeys.Of(EventsTable.Partition(key.TenantId, key.EventId, count), key));
        }

        var request = new BatchGetItemRequest
        {
            RequestItems = new() { [options.EventsTable] = AskFor(places) },
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

        foreach (var item in response.Responses?.GetValueOrDefault(options.EventsTable) ?? [])
        {
            states[KeyOf(item)] = DeadGeneration(item);
        }

        var unread = response.UnprocessedKeys?.GetValueOrDefault(options.EventsTable)?.Keys ?? [];
        foreach (var item in unread)
        {
            states.Remove(KeyOf(item));
        }
    }

    private static KeysAndAttributes AskFor(List<Dictionary<string, AttributeValue>> places) =>
        new()
        {
            ConsistentRead = true,
            ProjectionExpression = string.Join(',', Fields.Select(field => $"#{field}")),
            ExpressionAttributeNames = Fields.ToDictionary(field => $"#{field}"),
            Keys = places,
        };

    private static DeliveryKey KeyOf(Dictionary<string, AttributeValue> item) =>
        ItemKeys.TryRead(item, out _, out _, out var key) && key is { } delivery
            ? delivery
            : throw new FormatException("Not a delivery item.");

    private static int? DeadGeneration(Dictionary<string, AttributeValue> item) =>
        DeliveryItem.Status(item) == DeliveryStatus.DeadLetter
            ? item.Int32(EventsTable.DeliveryField.Generation)
            : null;
}
