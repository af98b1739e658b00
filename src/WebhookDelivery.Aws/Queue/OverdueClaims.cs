using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using EventId = WebhookDelivery.Core.EventId;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>
/// Claims items of `due-index` for a sweeper, and says which messages they want. Thread-safe; every
/// member throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class OverdueClaims(
    IAmazonDynamoDB dynamo,
    AwsEngineOptions options,
    ILogger<OverdueClaims> logger
)
{
    /// <summary>The claim of an event whose messages SQS refused: nothing else has them.</summary>
    internal static readonly TimeSpan EventClaim = TimeSpan.FromMinutes(5);

    /// <summary>The longest claim of a delivery.</summary>
    private static readonly TimeSpan s_claimMax = TimeSpan.FromHours(6);

    private static readonly IReadOnlyList<OverdueMessage> s_none = [];

    /// <summary>
    /// Claims an item. Nothing comes of one that somebody else has claimed, or that has moved on.
    /// </summary>
    /// <param name="found">The item as the index has it: its keys.</param>
    /// <param name="now">The time now.</param>
    public async Task<IReadOnlyList<OverdueMessage>> TryClaimAsync(
        Dictionary<string, AttributeValue> found,
        DateTimeOffset now
    )
    {
        var key = ItemKeys.Of(found);
        var seen = found.Time(EventsTable.DueAt);
        if (!ItemKeys.TryRead(found, out _, out var eventId, out var delivery))
        {
            return s_none;
        }

        if (delivery is null)
        {
            return await TryMoveAsync(key, seen, now + EventClaim) is { } item
                ? await UnsentAsync(item, key, now)
                : s_none;
        }

        // One that rests has its message now, and is left alone until that would be late. One whose
        // message is overdue is found again when the claim ends, unless it has moved by then.
        var rested = await TryMoveAsync(
            key,
            seen,
            DueTimes.Healing(seen > now ? seen : now, options),
            mustRest: true
        );
        var claimed = rested ?? await TryClaimOverdueAsync(key, seen, now);
        return claimed is null
            ? s_none
            : await OverdueAsync(claimed, eventId, isRested: rested is not null, now);
    }

    /// <summary>
    /// Ends the claims on events: without a due time where all messages are sent, and otherwise with
    /// those endpoints that have none yet.
    /// </summary>
    public Task EndAsync(
        IReadOnlyList<OverdueMessage> sent,
        IReadOnlyList<OutgoingMessage> refused
    ) =>
        Task.WhenAll(
            sent.Where(each => each.EventKey is not null)
                .GroupBy(each => each.EventKey!)
                .Select(group =>
                    EndAsync(
                        group.Key,
                        group.First().ClaimedUntil,
                        [
                            .. group
                                .Where(each => refused.Contains(each.Message))
                                .Select(each => each.Message.Due.Key.EndpointId),
                        ]
                    )
                )
        );

    private async Task EndAsync(
        Dictionary<string, AttributeValue> key,
        DateTimeOffset claimedUntil,
        IReadOnlyList<EndpointId> unsent
    )
    {
        var update = new ItemUpdate();
        if (unsent.Count == 0)
        {
            update.Remove(EventsTable.DueKey).Remove(EventsTable.DueAt);
        }

        update.Set(EventsTable.EventField.Unsent, Attributes.Of(unsent));
        await TryUpdateAsync(update, key, claimedUntil);
    }

    /// <summary>The messages that an event lacks. They may have been sent when nobody could tell.</summary>
    private async Task<IReadOnlyList<OverdueMessage>> UnsentAsync(
        Dictionary<string, AttributeValue> item,
        Dictionary<string, AttributeValue> key,
        DateTimeOffset now
    )
    {
        var @event = EventItem.Read(item);
        var claimedUntil = item.Time(EventsTable.DueAt);
        var messages = new List<OverdueMessage>();
        foreach (var endpoint in EventItem.Unsent(item))
        {
            var delivery = new DeliveryKey(@event.Event.TenantId, @event.Event.Id, endpoint);
            var message = new DeliveryMessage
            {
                Due = @event.Due(DeliveryItem.Untouched(delivery, @event), @event.FirstDueAt),
                MustVerify = true,
            };
            var outgoing = NewMessage(message, @event.FirstDueAt - now);
            messages.Add(new OverdueMessage(outgoing, key, claimedUntil));
        }

        if (messages.Count == 0)
        {
            await EndAsync(key, claimedUntil, []);
        }

        return messages;
    }

    private async Task<IReadOnlyList<OverdueMessage>> OverdueAsync(
        Dictionary<string, AttributeValue> item,
        EventId eventId,
        bool isRested,
        DateTimeOffset now
    )
    {
        var delivery = DeliveryItem.Read(item);
        var claimedUntil = item.Time(EventsTable.DueAt);
        var @event = await FindEventAsync(ItemKeys.Of(ItemKeys.Partition(item), eventId));
        if (@event is null)
        {
            await DeleteAsync(delivery.Key, ItemKeys.Of(item), claimedUntil);
            return s_none;
        }

        var next = delivery.NextAttemptAt ?? now;
        var message = new DeliveryMessage
        {
            Due = item.ContainsKey(Field.Resumed)
                ? @event.Due(delivery, next) with
                {
                    Backlog = true,
                }
                : @event.Due(delivery, next),
            HealAt = claimedUntil,
            MustVerify = !isRested,
        };
        var wait = isRested ? next - now : TimeSpan.Zero;
        return [new OverdueMessage(NewMessage(message, wait), null, claimedUntil)];
    }

    /// <summary>
    /// Claims a delivery that is overdue, for half as long as it has been so: while nobody receives,
    /// each further message would only be one more to receive.
    /// </summary>
    private async Task<Dictionary<string, AttributeValue>?> TryClaimOverdueAsync(
        Dictionary<string, AttributeValue> key,
        DateTimeOffset seen,
        DateTimeOffset now
    )
    {
        var until = now + options.SweepClaim;
        if (await TryMoveAsync(key, seen, until) is not { } claimed)
        {
            return null;
        }

        // Only now is it known for how long: the index has no more than keys.
        var grown = (now - (claimed.TimeOrNull(Field.NextAttemptAt) ?? now)) / 2;
        grown = grown < s_claimMax ? grown : s_claimMax;
        if (grown <= options.SweepClaim)
        {
            return claimed;
        }

        try
        {
            return await TryMoveAsync(key, until, now + grown);
        }
        catch (StoreUnavailableException)
        {
            // The claim stands, and its message is still to be sent.
            return claimed;
        }
    }

    /// <summary>Moves an item's due time if it is as it was seen; the item as it is then.</summary>
    private async Task<Dictionary<string, AttributeValue>?> TryMoveAsync(
        Dictionary<string, AttributeValue> key,
        DateTimeOffset seen,
        DateTimeOffset to,
        bool mustRest = false
    )
    {
        var update = new ItemUpdate();
        update.Set(EventsTable.DueAt, to.ToAttribute());
        if (mustRest)
        {
            update.When(
                $"{update.Name(Field.NextAttemptAt)} = {update.Value("rest", seen.ToAttribute())}"
            );
        }

        return await TryUpdateAsync(update, key, seen);
    }

    /// <summary>Updates an item whose due time is as it was seen; null if it is not.</summary>
    private async Task<Dictionary<string, AttributeValue>?> TryUpdateAsync(
        ItemUpdate update,
        Dictionary<string, AttributeValue> key,
        DateTimeOffset seen
    )
    {
        update.When(
            $"{update.Name(EventsTable.DueAt)} = {update.Value("seen", seen.ToAttribute())}"
        );
        var request = update.ToRequest(options.EventsTable, key);
        request.ReturnValues = ReturnValue.ALL_NEW;
        try
        {
            var answer = await AwsFaults.CallAsync(
                "DynamoDB",
                token => dynamo.UpdateItemAsync(request, token),
                CancellationToken.None
            );
            return answer.Attributes;
        }
        catch (ConditionalCheckFailedException)
        {
            return null;
        }
    }

    private async Task<EventItem?> FindEventAsync(Dictionary<string, AttributeValue> key)
    {
        var request = new GetItemRequest
        {
            TableName = options.EventsTable,
            Key = key,
            ConsistentRead = true,
        };
        var answer = await AwsFaults.CallAsync(
            "DynamoDB",
            token => dynamo.GetItemAsync(request, token),
            CancellationToken.None
        );
        return DynamoItem.IsFound(answer.Item) ? EventItem.Read(answer.Item) : null;
    }

    private async Task DeleteAsync(
        DeliveryKey delivery,
        Dictionary<string, AttributeValue> key,
        DateTimeOffset seen
    )
    {
        QueueLog.EventGone(
            logger,
            delivery.TenantId.Value,
            delivery.EventId.ToString(),
            delivery.EndpointId.ToString()
        );
        var request = new DeleteItemRequest
        {
            TableName = options.EventsTable,
            Key = key,
            ConditionExpression = $"#{EventsTable.DueAt} = :seen",
            ExpressionAttributeNames = DynamoItem.Names(EventsTable.DueAt),
            ExpressionAttributeValues = new(StringComparer.Ordinal)
            {
                [":seen"] = seen.ToAttribute(),
            },
        };
        try
        {
            await AwsFaults.CallAsync(
                "DynamoDB",
                token => dynamo.DeleteItemAsync(request, token),
                CancellationToken.None
            );
        }
        catch (ConditionalCheckFailedException)
        {
            // It has changed since: no longer ours.
        }
    }

    private OutgoingMessage NewMessage(DeliveryMessage message, TimeSpan wait) =>
        new(message, wait, options.MessageBytesMax);
}
