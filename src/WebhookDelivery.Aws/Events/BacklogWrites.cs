using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Moves an endpoint's backlog, a bounded piece at a time. The index is by tenant and status: the
/// endpoint is sifted from it.
/// </summary>
internal sealed class BacklogWrites(
    EventItems items,
    EventLists lists,
    StatusIndex index,
    TransitionWrites transitions,
    EventKeeping keeping,
    AwsEngineOptions options
)
{
    /// <summary>Most deliveries that one call moves, whatever its limit.</summary>
    private const int StepMax = 500;

    /// <summary>Entries of the index that are read at once.</summary>
    private const int ReadMax = 2000;

    /// <summary>Writes under way at once.</summary>
    private const int Together = 16;

    /// <summary>
    /// How far back <see cref="CancelAsync"/> looks for deliveries that no index holds: PENDING ones.
    /// Older ones are met by the worker when their message comes.
    /// </summary>
    private const int PendingItemsMax = 2000;

    /// <summary>Moves PARKED deliveries to PENDING.</summary>
    public async Task<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    )
    {
        var parked = index.ReadAscending(
            endpoint.TenantId,
            new HashSet<DeliveryStatus> { DeliveryStatus.Parked },
            KeyRange.All,
            ReadMax
        );
        var resumed = 0;
        return await MoveAsync(
            parked,
            endpoint,
            Math.Min(limit, StepMax),
            async chunk =>
            {
                var moved = await ResumeAsync(chunk, pace, resumed, cancellationToken);
                resumed += moved.Count;
                return moved;
            },
            cancellationToken
        );
    }

    /// <summary>Moves open and parked deliveries to CANCELLED. Returns how many.</summary>
    public async Task<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var left = Math.Min(limit, StepMax);
        async Task<List<bool>> CancelAsync(IReadOnlyList<Item> chunk)
        {
            var cancelled = await Task.WhenAll(
                chunk.Select(item => CancelOneAsync(item, null, reason, now, cancellationToken))
            );
            return [.. cancelled.Where(each => each)];
        }

        foreach (var status in new[] { DeliveryStatus.Failed, DeliveryStatus.Parked })
        {
            var found = index.Read(endpoint.TenantId, status, KeyRange.All, ReadMax);
            left -= (await MoveAsync(found, endpoint, left, CancelAsync, cancellationToken)).Count;
        }

        if (left > 0)
        {
            var pending = await lists.FindPendingAsync(
                endpoint,
                PendingItemsMax,
                cancellationToken
            );
            foreach (var chunk in pending.Chunk(Together).TakeWhile(_ => left > 0))
            {
                left -= (await CancelAsync(chunk[..Math.Min(left, chunk.Length)])).Count;
            }
        }

        return Math.Min(limit, StepMax) - left;
    }

    /// <summary>Moves what of the candidates is the endpoint's, until enough has moved.</summary>
    private static async Task<List<T>> MoveAsync<T>(
        MergedItems candidates,
        EndpointKey endpoint,
        int limit,
        Func<IReadOnlyList<Item>, Task<List<T>>> move,
        CancellationToken cancellationToken
    )
    {
        var moved = new List<T>();
        var chunk = new List<Item>();
        while (moved.Count < limit)
        {
            var item = await candidates.PeekAsync(cancellationToken);
            if (item is not null)
            {
                candidates.Take();
                if (StatusIndex.KeyOf(item).Endpoint != endpoint)
                {
                    continue;
                }

                chunk.Add(ItemKeys.Of(item));
            }

            if (item is null || chunk.Count == Math.Min(Together, limit - moved.Count))
            {
                moved.AddRange(await move(chunk));
                chunk.Clear();
            }

            if (item is null)
            {
                break;
            }
        }

        return moved;
    }

    private async Task<List<DueDelivery>> ResumeAsync(
        IReadOnlyList<Item> chunk,
        DuePace pace,
        int first,
        CancellationToken cancellationToken
    )
    {
        var keys = chunk.ToDictionary(item => StatusIndex.KeyOf(item).EventId, ItemKeys.Partition);
        var found = await items.FindManyAsync(
            keys.Select(each => ItemKeys.Of(each.Value, each.Key)),
            fields: null,
            cancellationToken,
            consistent: true
        );
        var events = found.Select(EventItem.Read).ToDictionary(each => each.Event.Id);
        var resumed = await Task.WhenAll(
            chunk.Select(
                (item, i) =>
                    ResumeOneAsync(
                        item,
                        events.GetValueOrDefault(StatusIndex.KeyOf(item).EventId),
                        pace.At(first + i),
                        pace.From,
                        cancellationToken
                    )
            )
        );
        return [.. resumed.OfType<DueDelivery>()];
    }

    private async Task<DueDelivery?> ResumeOneAsync(
        Item item,
        EventItem? of,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (of is null)
        {
            // Its event is erased or expired: nothing will ever ask for it.
            await DeleteParkedAsync(item, cancellationToken);
            return null;
        }

        var key = StatusIndex.KeyOf(item);
        var update = new ItemUpdate()
            .SetState(key, DeliveryStatus.Pending, dueAt, now, options)
            .Set(Field.Resumed, 1.ToAttribute())
            .Set(Field.UpdatedAt, now.ToAttribute());
        update.When(IsParked(update, now));
        if (await items.UpdateAndReadAsync(update, item, cancellationToken) is not { } moved)
        {
            return null;
        }

        var until = now + Lifetimes.ScheduleMax + Lifetimes.Kept(options.Retention);
        if (of.Ttl < until.ToUnixTimeSeconds())
        {
            await keeping.KeepAsync(ItemKeys.Partition(item), key, until, now, cancellationToken);
        }

        return of.Due(DeliveryItem.Read(moved), dueAt.InWholeMs()) with
        {
            Backlog = true,
        };
    }

    /// <summary>Deletes a delivery that is still PARKED; the index may have been behind.</summary>
    private Task<bool> DeleteParkedAsync(Item key, CancellationToken cancellationToken) =>
        items.TryDeleteAsync(
            new DeleteItemRequest
            {
                TableName = items.Table,
                Key = key,
                ConditionExpression = $"#{Field.Status} = :parked",
                ExpressionAttributeNames = DynamoItem.Names(Field.Status),
                ExpressionAttributeValues = new(StringComparer.Ordinal)
                {
                    [":parked"] = DeliveryStatus.Parked.ToCode().ToAttribute(),
                },
            },
            cancellationToken
        );

    /// <summary>
    /// Cancels a delivery that is open or parked, or has no item, if it is in this generation (null: any);
    /// without an item it is in its first. True if it moved.
    /// </summary>
    public Task<bool> CancelOneAsync(
        Item item,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var update = transitions
            .Aside(StatusIndex.KeyOf(item), DeliveryStatus.Cancelled, reason, now)
            .SetIfAbsent(Field.Generation, 1.ToAttribute())
            .SetIfAbsent(Field.GenerationAttempts, 0.ToAttribute())
            .SetIfAbsent(Field.Attempts, 0.ToAttribute());
        var status = update.Name(Field.Status);
        var pending = update.Value("pending", DeliveryStatus.Pending.ToCode().ToAttribute());
        var failed = update.Value("failed", DeliveryStatus.Failed.ToCode().ToAttribute());
        var isToBeMade = $"{status} IN ({pending}, {failed}) OR ({IsParked(update, now)})";
        if (generation is { } only)
        {
            var wanted = update.Value("onlyGen", only.ToAttribute());
            isToBeMade = $"({isToBeMade}) AND {update.Name(Field.Generation)} = {wanted}";
        }

        update.When(
            generation is null or 1
                ? $"attribute_not_exists({update.Name(EventsTable.EventId)}) OR {isToBeMade}"
                : isToBeMade
        );
        return items.TryUpdateAsync(update, item, cancellationToken);
    }

    /// <summary>That it is PARKED, and not for longer than it is kept.</summary>
    private string IsParked(ItemUpdate update, DateTimeOffset now)
    {
        var parked = update.Value("parked", DeliveryStatus.Parked.ToCode().ToAttribute());
        var kept = update.Value("keptFrom", (now - options.Retention.Events).ToAttribute());
        return $"{update.Name(Field.Status)} = {parked} AND {update.Name(Field.UpdatedAt)} > {kept}";
    }
}
