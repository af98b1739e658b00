using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Records attempts: one UpdateItem where the delivery is as the attempt knew it. Only where that is
/// refused is it read, to record the attempt alone, or to make room in the list of the last 20.
/// </summary>
internal sealed class AttemptWrites(
    EventItems items,
    EventReads reads,
    EventKeeping keeping,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Attempts that a delivery's item keeps.</summary>
    internal const int LogMax = 20;

    /// <summary>
    /// Writes that may be lost to others before this one gives up. A delivery has one worker, two when
    /// a lease was lost: it takes a crowd of stale ones to come to this.
    /// </summary>
    private const int TriesMax = 100;

    /// <summary>True if the delivery moved.</summary>
    public async Task<bool> RecordAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    )
    {
        var key = attempt.Key;
        var partition = await reads.PartitionAsync(key.TenantId, key.EventId, cancellationToken);
        var write = new AttemptWrite(attempt, transition, time.GetUtcNow(), options);
        var itemKey = ItemKeys.Of(partition, key);
        var moved =
            await items.TryUpdateAsync(write.Move(), itemKey, cancellationToken)
            || await RecordAfterReadingAsync(write, partition, itemKey, cancellationToken);
        if (moved)
        {
            await keeping.KeepAsync(
                partition,
                key,
                (transition.NextAttemptAt ?? write.Now) + Lifetimes.Kept(options.Retention),
                write.Now,
                cancellationToken
            );
        }

        return moved;
    }

    private async Task<bool> RecordAfterReadingAsync(
        AttemptWrite write,
        string partition,
        Item itemKey,
        CancellationToken cancellationToken
    )
    {
        // What the last try asked for: an answer that was lost may have hidden that it was done.
        var moves = true;
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var item = await items.FindAsync(itemKey, cancellationToken);
            if (item is not null && write.IsIn(item))
            {
                // One that has moved on since has been seen to by whoever moved it: what follows from
                // this attempt would come a second time.
                return moves && write.IsLastIn(item);
            }

            moves = write.IsDueIn(item);
            var update = item is null
                ? await FirstAsync(write, partition, cancellationToken)
                : write.Onto(item);
            if (update is null)
            {
                return false;
            }

            if (await items.TryUpdateAsync(update, itemKey, cancellationToken))
            {
                return moves;
            }
        }

        throw new StoreUnavailableException("Too many attempts of one delivery end at once.");
    }

    /// <summary>The first write of a delivery; null if its event is gone.</summary>
    private async Task<ItemUpdate?> FirstAsync(
        AttemptWrite write,
        string partition,
        CancellationToken cancellationToken
    )
    {
        var item = await items.FindAsync(
            ItemKeys.Of(partition, write.Attempt.Key.EventId),
            cancellationToken
        );
        return item is null ? null : write.First(EventItem.Read(item));
    }
}
