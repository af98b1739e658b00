using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>One attempt on its way into its delivery's item, in the forms that may be needed. Pure.</summary>
internal sealed class AttemptWrite(
    Attempt attempt,
    DeliveryTransition transition,
    DateTimeOffset now,
    AwsEngineOptions options
)
{
    private readonly byte[] _entry = AttemptBytes.Write(attempt);

    public Attempt Attempt => attempt;

    public DateTimeOffset Now => now;

    private DeliveryFence Fence => new(attempt.Generation, attempt.Number - 1);

    private bool IsFirst => Fence is { Generation: 1, GenerationAttempts: 0 };

    /// <summary>Records the attempt and moves the delivery, if it is as the attempt knew it.</summary>
    public ItemUpdate Move()
    {
        var update = Moving(new ItemUpdate().Append(Field.Log, Entry()));
        return update.WhenOpen(Fence, HasRoom(update));
    }

    /// <summary>Whether the item holds this very write.</summary>
    public bool IsIn(Item item) => DeliveryItem.Log(item).Any(entry => entry.SequenceEqual(_entry));

    /// <summary>Whether the attempt is the last one that moved the delivery.</summary>
    public bool IsLastIn(Item item) =>
        item.Int64OrNull(Field.Generation) == Attempt.Generation
        && item.Int64OrNull(Field.GenerationAttempts) == Attempt.Number;

    /// <summary>Whether the delivery is as the attempt knew it; null stands for one without an item.</summary>
    public bool IsDueIn(Item? item) =>
        item is null
            ? IsFirst
            : DeliveryItem.Status(item).IsOpen()
                && item.Int64OrNull(Field.Generation) == Fence.Generation
                && item.Int64OrNull(Field.GenerationAttempts) == Fence.GenerationAttempts;

    /// <summary>
    /// Records the attempt in an item that was read, moving it if it may, on condition that nothing
    /// came between that matters.
    /// </summary>
    public ItemUpdate Onto(Item item)
    {
        var moves = IsDueIn(item);
        var log = DeliveryItem.Log(item);
        var update = new ItemUpdate();
        string unchanged;
        if (log.Count < AttemptWrites.LogMax)
        {
            update.Append(Field.Log, Entry());
            unchanged = HasRoom(update);
        }
        else
        {
            // A full list loses its oldest entry with every write: if that is there, so is the rest.
            update.Set(Field.Log, Log([.. log.Skip(log.Count - AttemptWrites.LogMax + 1), _entry]));
            var oldest = update.Value("oldest", Bytes(log[0]));
            unchanged = $"contains({update.Name(Field.Log)}, {oldest})";
        }

        return moves
            ? Moving(update).WhenOpen(Fence, unchanged)
            : Response(update)
                .When($"attribute_exists({update.Name(EventsTable.EventId)})")
                .When(unchanged);
    }

    /// <summary>Records the attempt as the first thing that is written of a delivery.</summary>
    public ItemUpdate First(EventItem item)
    {
        if (IsFirst)
        {
            return Move();
        }

        var update = new ItemUpdate()
            .SetState(attempt.Key, DeliveryStatus.Pending, item.FirstDueAt, now, options)
            .SetUntouched(item.Event.CreatedAt)
            .Append(Field.Log, Entry());
        return Response(update).When($"attribute_not_exists({update.Name(EventsTable.EventId)})");
    }

    private ItemUpdate Moving(ItemUpdate update)
    {
        var outcome = attempt.Outcome;
        return Response(update)
            .SetState(attempt.Key, transition.Status, transition.NextAttemptAt, now, options)
            .Set(Field.Generation, attempt.Generation.ToAttribute())
            .Set(Field.GenerationAttempts, attempt.Number.ToAttribute())
            .Increment(Field.Attempts)
            .Set(Field.LastAttemptAt, attempt.StartedAt.ToAttribute())
            .Set(Field.LastStatusCode, outcome.StatusCode is { } code ? code.ToAttribute() : null)
            .Set(Field.LastReason, outcome.Reason.ToCode().ToAttribute())
            .Set(Field.UpdatedAt, (attempt.StartedAt + outcome.Duration).ToAttribute());
    }

    private ItemUpdate Response(ItemUpdate update)
    {
        var excerpt = attempt.Outcome.ResponseExcerpt;
        var headers = attempt.Outcome.ResponseHeaders;
        if (transition.Status == DeliveryStatus.Delivered)
        {
            // Nobody asks what a receiver said that was content: not worth a second write unit.
            var room = DeliveredSize.ResponseRoom(attempt, _entry);
            (excerpt, headers) = DeliveredSize.Fit(excerpt, headers, room);
        }

        return update
            .Set(Field.Excerpt, excerpt.IsEmpty ? null : excerpt.ToAttribute())
            .Set(Field.Headers, headers.IsEmpty ? null : headers.Lines.ToAttribute());
    }

    private AttributeValue Entry() => Bytes(_entry);

    private static AttributeValue Log(IEnumerable<byte[]> entries) =>
        new() { L = [.. entries.Select(entry => Bytes(entry))] };

    private static AttributeValue Bytes(byte[] entry) =>
        new ReadOnlyMemory<byte>(entry).ToAttribute();

    private static string HasRoom(ItemUpdate update)
    {
        var log = update.Name(Field.Log);
        var max = update.Value("logMax", AttemptWrites.LogMax.ToAttribute());
        return $"attribute_not_exists({log}) OR size({log}) < {max}";
    }
}
