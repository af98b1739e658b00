using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Aws;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// What DynamoDB charges for reads and writes. Pure. Sources:
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html and
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html.
/// </summary>
internal static class DynamoUnits
{
    private const int ReadBytes = 4096;

    /// <summary>A unit for each 4 KiB begun, at least one; half of that where consistency is not asked for.</summary>
    public static double OfRead(int bytes, bool isConsistent) =>
        Math.Max(1, (bytes + ReadBytes - 1) / ReadBytes) / (isConsistent ? 1.0 : 2.0);

    /// <summary>
    /// A unit for each KiB begun of the larger of the item before and after, which a refused condition
    /// costs as well, and the units of each index.
    /// </summary>
    /// <param name="before">The item before; empty if there was none.</param>
    /// <param name="after">The item after; empty if there is none.</param>
    /// <param name="indexes">The table's indexes.</param>
    public static int OfWrite(Item before, Item after, IEnumerable<GlobalSecondaryIndex> indexes) =>
        ItemSize.WriteUnits(Math.Max(ItemSize.Of(before), ItemSize.Of(after)))
        + (IsSame(before, after) ? 0 : indexes.Sum(index => OfIndex(before, after, index)));

    /// <summary>
    /// An entry that comes or goes is a write; one whose key changes goes and comes; one of which only
    /// other projected attributes change is written once.
    /// </summary>
    private static int OfIndex(Item before, Item after, GlobalSecondaryIndex index)
    {
        var (old, @new) = (EntryOf(before, index), EntryOf(after, index));
        var moves =
            old is not null
            && @new is not null
            && !KeyOf(old, index).SequenceEqual(KeyOf(@new, index));
        return (old, @new) switch
        {
            (null, null) => 0,
            (null, { } added) => ItemSize.WriteUnits(ItemSize.Of(added)),
            ({ } removed, null) => ItemSize.WriteUnits(ItemSize.Of(removed)),
            var (removed, added) when moves => ItemSize.WriteUnits(ItemSize.Of(removed))
                + ItemSize.WriteUnits(ItemSize.Of(added)),
            var (removed, added) => IsSame(removed, added)
                ? 0
                : ItemSize.WriteUnits(Math.Max(ItemSize.Of(removed), ItemSize.Of(added))),
        };
    }

    /// <summary>What an index holds of an item; null where the item lacks a part of the index's key.</summary>
    private static Item? EntryOf(Item item, GlobalSecondaryIndex index)
    {
        if (!index.KeySchema.TrueForAll(part => item.ContainsKey(part.AttributeName)))
        {
            return null;
        }

        if (index.Projection.ProjectionType == ProjectionType.ALL)
        {
            return item;
        }

        string[] names =
        [
            EventsTable.TenantId,
            EventsTable.EventId,
            .. index.KeySchema.Select(part => part.AttributeName),
        ];
        return names.Distinct().ToDictionary(name => name, name => item[name]);
    }

    private static IEnumerable<string> KeyOf(Item entry, GlobalSecondaryIndex index) =>
        index.KeySchema.Select(part => entry[part.AttributeName]).Select(TextOf);

    private static bool IsSame(Item one, Item other) =>
        one.Count == other.Count
        && one.All(each =>
            other.TryGetValue(each.Key, out var value) && TextOf(each.Value) == TextOf(value)
        );

    private static string TextOf(AttributeValue value) =>
        value switch
        {
            { S: { } text } => text,
            { N: { } number } => number,
            { B: { } bytes } => Convert.ToBase64String(bytes.ToArray()),
            { L.Count: > 0 } => string.Join(',', value.L.Select(TextOf)),
            { M.Count: > 0 } => string.Join(
                ',',
                value.M.Select(each => each.Key + TextOf(each.Value))
            ),
            _ => "",
        };
}
