using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>Reads and writes the state of delivery items.</summary>
internal static class DeliveryItem
{
    /// <summary>Attributes that a list reads: all but attempts and what was answered.</summary>
    public static readonly IReadOnlyList<string> ListedFields =
    [
        Field.Status,
        Field.Generation,
        Field.GenerationAttempts,
        Field.Attempts,
        Field.NextAttemptAt,
        Field.LastAttemptAt,
        Field.LastStatusCode,
        Field.LastReason,
        Field.UpdatedAt,
        Field.Source,
        Field.Added,
    ];

    /// <summary>Reads a delivery from its item.</summary>
    public static Delivery Read(Dictionary<string, AttributeValue> item)
    {
        if (!ItemKeys.TryRead(item, out _, out _, out var key) || key is null)
        {
            throw new FormatException("Not a delivery item.");
        }

        return new Delivery
        {
            Key = key.Value,
            Status = Status(item),
            Generation = item.Int32(Field.Generation),
            GenerationAttempts = item.Int32(Field.GenerationAttempts),
            Attempts = item.Int32(Field.Attempts),
            NextAttemptAt = item.TimeOrNull(Field.NextAttemptAt),
            LastAttemptAt = item.TimeOrNull(Field.LastAttemptAt),
            LastStatusCode = (int?)item.Int64OrNull(Field.LastStatusCode),
            LastReason = item.TextOrNull(Field.LastReason) is { } reason
                ? ReasonNames.Parse(reason)
                : null,
            UpdatedAt = item.Time(Field.UpdatedAt),
            Source = (EventSource)(item.Int64OrNull(Field.Source) ?? 0),
        };
    }

    /// <summary>The delivery that has no item yet: PENDING, and nothing has happened to it.</summary>
    public static Delivery Untouched(DeliveryKey key, EventItem item) =>
        new()
        {
            Key = key,
            Status = DeliveryStatus.Pending,
            Generation = 1,
            GenerationAttempts = 0,
            Attempts = 0,
            NextAttemptAt = item.FirstDueAt,
            UpdatedAt = item.Event.CreatedAt,
        };

    /// <summary>
    /// Sets a delivery's status with all that follows from it: the next attempt and its due time, the
    /// place in the indexes, the time to live. What else changes is the caller's to add.
    /// </summary>
    /// <param name="update">The update to add to.</param>
    /// <param name="key">Which delivery.</param>
    /// <param name="status">The new status.</param>
    /// <param name="next">When the next attempt is due; null unless the status is open.</param>
    /// <param name="now">The time now.</param>
    /// <param name="options">The rules of due times and retention.</param>
    public static ItemUpdate SetState(
        this ItemUpdate update,
        DeliveryKey key,
        DeliveryStatus status,
        DateTimeOffset? next,
        DateTimeOffset now,
        AwsEngineOptions options
    )
    {
        var indexed = EventsTable.StatusKeyOf(key.TenantId, status, key.EventId);
        return update
            .Set(Field.Status, status.ToCode().ToAttribute())
            .Set(EventsTable.StatusKey, indexed is null ? null : indexed.ToAttribute())
            .SetNext(key, next, now, options)
            .Set(EventsTable.Ttl, Lifetimes.OfDelivery(now, options.Retention).ToAttribute());
    }

    /// <summary>Sets when the next attempt is due and when the sweeper acts; null removes both.</summary>
    public static ItemUpdate SetNext(
        this ItemUpdate update,
        DeliveryKey key,
        DateTimeOffset? next,
        DateTimeOffset now,
        AwsEngineOptions options
    )
    {
        if (next is not { } at)
        {
            return update
                .Remove(Field.NextAttemptAt)
                .Remove(EventsTable.DueKey)
                .Remove(EventsTable.DueAt);
        }

        return update
            .Set(Field.NextAttemptAt, at.ToAttribute())
            .Set(EventsTable.DueKey, EventsTable.DueKeyOf(key.EventId).ToAttribute())
            .Set(EventsTable.DueAt, DueTimes.Of(at, now, options).DueAt.ToAttribute());
    }

    /// <summary>
    /// Gives a delivery without an item what <see cref="Untouched"/> says of it, but for its status
    /// and what follows from that.
    /// </summary>
    public static ItemUpdate SetUntouched(this ItemUpdate update, DateTimeOffset updatedAt) =>
        update
            .Set(Field.Generation, 1.ToAttribute())
            .Set(Field.GenerationAttempts, 0.ToAttribute())
            .Set(Field.Attempts, 0.ToAttribute())
            .Set(Field.UpdatedAt, updatedAt.ToAttribute());

    /// <summary>Sets what starts a delivery's generation.</summary>
    public static ItemUpdate SetSource(this ItemUpdate update, EventSource source) =>
        update
            .Set(Field.Source, source == EventSource.Live ? null : ((long)source).ToAttribute())
            .Remove(Field.Resumed);

    /// <summary>
    /// The condition that there is no item, or an open one at the fence: what moves by an attempt or
    /// is set aside.
    /// </summary>
    /// <param name="update">The update to add to.</param>
    /// <param name="fence">What the delivery must be. Only the first one can have no item.</param>
    /// <param name="further">What an item that is there must also be; null for nothing more.</param>
    public static ItemUpdate WhenOpen(
        this ItemUpdate update,
        DeliveryFence fence,
        string? further = null
    )
    {
        var pending = update.Value("pending", DeliveryStatus.Pending.ToCode().ToAttribute());
        var failed = update.Value("failed", DeliveryStatus.Failed.ToCode().ToAttribute());
        var generation = update.Value("fenceGen", fence.Generation.ToAttribute());
        var attempts = update.Value("fenceN", fence.GenerationAttempts.ToAttribute());
        var there =
            $"{update.Name(Field.Status)} IN ({pending}, {failed})"
            + $" AND {update.Name(Field.Generation)} = {generation}"
            + $" AND {update.Name(Field.GenerationAttempts)} = {attempts}"
            + (further is null ? "" : $" AND ({further})");
        return update.When(
            fence is { Generation: 1, GenerationAttempts: 0 }
                ? $"attribute_not_exists({update.Name(EventsTable.EventId)}) OR ({there})"
                : there
        );
    }

    /// <summary>The last attempts, oldest first, as <see cref="AttemptBytes"/> writes them.</summary>
    public static IReadOnlyList<byte[]> Log(Dictionary<string, AttributeValue> item) =>
        item.TryGetValue(Field.Log, out var log) ? [.. log.L.Select(each => each.B.ToArray())] : [];

    /// <summary>The status of an item.</summary>
    public static DeliveryStatus Status(Dictionary<string, AttributeValue> item) =>
        DeliveryStatusCodes.TryParse(item.TextOrNull(Field.Status), out var status)
            ? status
            : throw new FormatException("Not the status of a delivery.");
}
