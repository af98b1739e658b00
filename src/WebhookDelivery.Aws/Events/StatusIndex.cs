using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Reads `status-index`: a tenant's FAILED, PARKED or DEAD_LETTER deliveries, newest event first. It
/// holds keys only, and runs some moments behind the table: what it finds is a candidate.
/// </summary>
internal sealed class StatusIndex(EventItems items)
{
    /// <summary>Entries that a read brings back at least: less is no cheaper.</summary>
    private const int ReadMin = 20;

    /// <summary>All shards of the index as one.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="status">A status that is indexed.</param>
    /// <param name="range">Which events.</param>
    /// <param name="wanted">How many entries will be looked at, more or less.</param>
    public MergedItems Read(TenantId tenant, DeliveryStatus status, KeyRange range, int wanted) =>
        new([.. Shards(tenant, status, range, wanted, ascending: false)]);

    /// <summary>All shards of several statuses as one, oldest event first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="statuses">Statuses that are indexed.</param>
    /// <param name="range">Which events.</param>
    /// <param name="wanted">How many entries will be looked at, more or less.</param>
    public MergedItems ReadAscending(
        TenantId tenant,
        IReadOnlySet<DeliveryStatus> statuses,
        KeyRange range,
        int wanted
    ) =>
        new(
            [
                .. statuses.SelectMany(status =>
                    Shards(tenant, status, range, wanted / statuses.Count, ascending: true)
                ),
            ],
            ascending: true
        );

    /// <summary>Which delivery an item of the index is of.</summary>
    public static DeliveryKey KeyOf(
        Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item
    ) =>
        ItemKeys.TryRead(item, out _, out _, out var key) && key is { } found
            ? found
            : throw new FormatException("Not a delivery in status-index.");

    /// <summary>Takes the entries of the next event, by endpoint id; none at the end.</summary>
    public static async Task<IReadOnlyList<DeliveryKey>> TakeEventAsync(
        MergedItems found,
        CancellationToken cancellationToken
    )
    {
        var taken = new List<DeliveryKey>();
        while (
            await found.PeekAsync(cancellationToken) is { } item
            && KeyOf(item) is var key
            && (taken.Count == 0 || taken[0].EventId == key.EventId)
        )
        {
            taken.Insert(0, key);
            found.Take();
        }

        return taken;
    }

    /// <summary>
    /// The types of the candidates' events; events that are gone are left out. Read only where a filter
    /// asks for them: an event's item is large.
    /// </summary>
    public async Task<IReadOnlyDictionary<EventId, string?>> TypesAsync(
        ShardHistory history,
        IEnumerable<DeliveryKey> candidates,
        CancellationToken cancellationToken
    )
    {
        var read = await items.FindManyAsync(
            candidates
                .DistinctBy(key => key.EventId)
                .Select(key =>
                    ItemKeys.Of(history.PartitionOf(key.TenantId, key.EventId), key.EventId)
                ),
            EventItem.ListedFields,
            cancellationToken
        );
        return read.Select(EventItem.Read)
            .ToDictionary(each => each.Event.Id, each => each.Event.Type);
    }

    private IEnumerable<ItemStream> Shards(
        TenantId tenant,
        DeliveryStatus status,
        KeyRange range,
        int wanted,
        bool ascending
    ) =>
        Enumerable
            .Range(0, EventsTable.StatusShards)
            .Select(shard =>
            {
                var request = ItemQueries.OfStatus(items.Table, tenant, status, shard, range);
                request.ScanIndexForward = ascending;
                request.Limit = Math.Max(ReadMin, wanted / EventsTable.StatusShards);
                return new ItemStream(items, request);
            });
}
