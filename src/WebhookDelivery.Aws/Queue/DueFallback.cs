using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.EventField;

namespace WebhookDelivery.Aws;

/// <summary>
/// Keeps, on the event's own item, which first deliveries have no message, and when the sweeper is
/// to send them: those that SQS refused, and those that are due later than a message can wait.
/// </summary>
internal sealed class DueFallback(
    IAmazonDynamoDB dynamo,
    EventShards shards,
    AwsEngineOptions options
)
{
    /// <summary>When messages that SQS refused are tried again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Others that write the same item at the same moment; more is a fault.</summary>
    private const int TriesMax = 10;

    /// <summary>Keeps them, with those that are kept already. Nothing to do for an event that is gone.</summary>
    /// <param name="tenant">Whose event.</param>
    /// <param name="eventId">Which event.</param>
    /// <param name="endpoints">The endpoints that have no message.</param>
    /// <param name="at">When the sweeper is to send them.</param>
    /// <exception cref="StoreUnavailableException">They are not kept, as far as is known.</exception>
    public async ValueTask KeepAsync(
        TenantId tenant,
        EventId eventId,
        IReadOnlyList<EndpointId> endpoints,
        DateTimeOffset at
    )
    {
        // What SQS does not have must not be lost to a caller that hangs up.
        var none = CancellationToken.None;
        var history = await shards.FindAsync(tenant, none);
        var key = ItemKeys.Of(history.PartitionOf(tenant, eventId), eventId);
        string? seen = null;
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await TryKeepAsync(key, eventId, seen, endpoints, at))
            {
                return;
            }

            var item = await FindAsync(key);
            if (item is null)
            {
                return;
            }

            seen = item.TextOrNull(Field.Unsent);
            endpoints = [.. EventItem.Unsent(item).Union(endpoints)];
        }

        throw new StoreUnavailableException("An event's item changed each time it was written.");
    }

    private async ValueTask<bool> TryKeepAsync(
        Dictionary<string, AttributeValue> key,
        EventId eventId,
        string? seen,
        IReadOnlyList<EndpointId> endpoints,
        DateTimeOffset at
    )
    {
        var update = new ItemUpdate();
        update
            .Set(EventsTable.DueKey, EventsTable.DueKeyOf(eventId).ToAttribute())
            .Set(EventsTable.DueAt, at.ToAttribute())
            .Set(Field.Unsent, Attributes.Of(endpoints))
            .When($"attribute_exists({update.Name(EventsTable.EventId)})")
            .When(
                seen is null
                    ? $"attribute_not_exists({update.Name(Field.Unsent)})"
                    : $"{update.Name(Field.Unsent)} = {update.Value("seen", seen.ToAttribute())}"
            );
        try
        {
            await AwsFaults.CallAsync(
                "DynamoDB",
                token => dynamo.UpdateItemAsync(update.ToRequest(options.EventsTable, key), token),
                CancellationToken.None
            );
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private async ValueTask<Dictionary<string, AttributeValue>?> FindAsync(
        Dictionary<string, AttributeValue> key
    )
    {
        var request = new GetItemRequest
        {
            TableName = options.EventsTable,
            Key = key,
            ConsistentRead = true,
            ProjectionExpression = $"#{EventsTable.EventId}, #{Field.Unsent}",
            ExpressionAttributeNames = DynamoItem.Names(EventsTable.EventId, Field.Unsent),
        };
        var answer = await AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.GetItemAsync(request, token),
            CancellationToken.None
        );
        return DynamoItem.IsFound(answer.Item) ? answer.Item : null;
    }
}
