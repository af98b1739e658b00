using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>
/// Tells whether what a message says is still so, and moves the due times of deliveries that have an
/// item. Thread-safe; every member throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class DueIndex(IAmazonDynamoDB dynamo, EventShards shards, AwsEngineOptions options)
{
    /// <summary>Where the delivery stands that a message is about, read consistently.</summary>
    public async ValueTask<DueStanding> FindAsync(
        DueDelivery due,
        CancellationToken cancellationToken
    )
    {
        var update = new ItemUpdate();
        string[] fields =
        [
            Field.Status,
            Field.Generation,
            Field.GenerationAttempts,
            EventsTable.DueAt,
        ];
        var projection = string.Join(", ", fields.Select(update.Name));
        var request = new GetItemRequest
        {
            TableName = options.EventsTable,
            Key = await KeyAsync(due.Key, cancellationToken),
            ConsistentRead = true,
            ProjectionExpression = projection,
            ExpressionAttributeNames = DynamoItem.Names(fields),
        };
        var answer = await AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.GetItemAsync(request, token),
            cancellationToken
        );
        return Standing(due, answer.Item);
    }

    /// <summary>
    /// Keeps the sweeper from the delivery until a later time, as a message of it comes later than
    /// was thought.
    /// </summary>
    /// <param name="due">The delivery as the message says it.</param>
    /// <param name="until">When the sweeper may act on it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Where the delivery stands then.</returns>
    public async ValueTask<DueStanding> PushAsync(
        DueDelivery due,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var update = new ItemUpdate();
        var dueAt = until.ToAttribute();
        update
            .Set(EventsTable.DueAt, dueAt)
            .When($"{update.Name(EventsTable.DueAt)} < {update.Value(EventsTable.DueAt, dueAt)}")
            .WhenOpen(Fence(due));
        return await TryUpdateAsync(update, due.Key, cancellationToken)
            ? new DueStanding(IsStale: false, until)
            : await FindAsync(due, cancellationToken);
    }

    /// <summary>
    /// Lays the delivery to rest until a time further off than a message can wait; it is given an
    /// item if it has none. Nothing happens to one that has moved on.
    /// </summary>
    public async ValueTask RestAsync(
        DueDelivery due,
        DateTimeOffset until,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (IsFirst(due))
        {
            var creation = new ItemUpdate()
                .SetState(due.Key, DeliveryStatus.Pending, until, now, options)
                .SetUntouched(now);
            creation.When($"attribute_not_exists({creation.Name(EventsTable.EventId)})");
            if (await TryUpdateAsync(creation, due.Key, cancellationToken))
            {
                return;
            }
        }

        var update = new ItemUpdate();
        update
            .SetNext(due.Key, until, now, options)
            .When($"attribute_exists({update.Name(EventsTable.EventId)})")
            .WhenOpen(Fence(due));
        await TryUpdateAsync(update, due.Key, cancellationToken);
    }

    /// <summary>Whether a delivery may have no item yet.</summary>
    public static bool IsFirst(DueDelivery due) => due is { Generation: 1, Attempt: 1 };

    private static DeliveryFence Fence(DueDelivery due) => new(due.Generation, due.Attempt - 1);

    private static DueStanding Standing(
        DueDelivery due,
        Dictionary<string, AttributeValue>? item
    ) =>
        DynamoItem.IsFound(item)
            ? new DueStanding(
                IsStale: !DeliveryItem.Status(item).IsOpen()
                    || item.Int32(Field.Generation) != due.Generation
                    || item.Int32(Field.GenerationAttempts) != due.Attempt - 1,
                item.TimeOrNull(EventsTable.DueAt) ?? DeliveryMessage.NoItem
            )
            : new DueStanding(IsStale: !IsFirst(due), DeliveryMessage.NoItem);

    private async ValueTask<bool> TryUpdateAsync(
        ItemUpdate update,
        DeliveryKey key,
        CancellationToken cancellationToken
    )
    {
        var request = update.ToRequest(options.EventsTable, await KeyAsync(key, cancellationToken));
        try
        {
            await AwsFaults.CallAsync(
                "DynamoDB",
                token => dynamo.UpdateItemAsync(request, token),
                cancellationToken
            );
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private async ValueTask<Dictionary<string, AttributeValue>> KeyAsync(
        DeliveryKey key,
        CancellationToken cancellationToken
    )
    {
        var history = await shards.FindAsync(key.TenantId, cancellationToken);
        return ItemKeys.Of(history.PartitionOf(key.TenantId, key.EventId), key);
    }
}
