using WebhookDelivery.Core;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Lists events by their partitions, newest first, an event's deliveries next to it. The work for a
/// page is bounded: a filter that matches little gives short pages.
/// </summary>
internal sealed class EventLists(
    EventItems items,
    EventShards shards,
    TimeProvider time,
    AwsEngineOptions options
)
{
    /// <summary>Most items that a page looks at, whatever its filter.</summary>
    internal const int ExaminedMax = 1000;

    /// <summary>
    /// Most reads of at most 1 MB that a page makes: payloads are read past, though not sent, and are
    /// paid for.
    /// </summary>
    private const int PagesMax = 16;

    private const int ReadMin = 20;

    private static readonly IReadOnlyList<string> s_fields =
    [
        .. EventItem.ListedFields.Concat(DeliveryItem.ListedFields).Distinct(),
    ];

    /// <summary>Lists without a status, or with one that the index does not hold.</summary>
    public async Task<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken)
    {
        var range = KeyRange.Between(query.Since, query.Until).Before(query.Before);
        var filtered = query is not { Status: null, Type: null, EndpointId: null };
        var read = filtered ? ExaminedMax : 3 * query.Limit;
        var found = await OpenAsync(query.TenantId, range, read, cancellationToken);
        var now = time.GetUtcNow();
        var page = new List<StoredEvent>();
        var last = query.Before;
        while (await TakeEventAsync(found, query.Before, cancellationToken) is { } taken)
        {
            if (
                taken.Group is { } group
                && EventFilter.Matches(group, query, now, options.Retention)
            )
            {
                page.Add(group.ToStored());
            }

            last = taken.EventId;
            if (
                (page.Count == query.Limit || IsEnough(found))
                && await found.PeekAsync(cancellationToken) is not null
            )
            {
                return new EventPage(page, last);
            }
        }

        return new EventPage(page, null);
    }

    /// <summary>
    /// The keys of an endpoint's PENDING deliveries, with or without an item, among a tenant's newest
    /// items.
    /// </summary>
    public async Task<IReadOnlyList<Item>> FindPendingAsync(
        EndpointKey endpoint,
        int itemsMax,
        CancellationToken cancellationToken
    )
    {
        var found = await OpenAsync(endpoint.TenantId, KeyRange.All, itemsMax, cancellationToken);
        var pending = new List<Item>();
        while (
            found.Taken < itemsMax
            && await TakeEventAsync(found, before: null, cancellationToken) is { } taken
        )
        {
            var delivery = taken.Group?.Deliveries.FirstOrDefault(each =>
                each.Key.Endpoint == endpoint && each.Status == DeliveryStatus.Pending
            );
            if (delivery is not null)
            {
                pending.Add(ItemKeys.Of(taken.Partition, delivery.Key));
            }
        }

        return pending;
    }

    /// <summary>Whether a page has looked at as much as it may.</summary>
    public static bool IsEnough(MergedItems found) =>
        found.Taken >= ExaminedMax || found.Pages >= PagesMax;

    /// <summary>A tenant's partitions as one.</summary>
    public async Task<MergedItems> OpenAsync(
        TenantId tenant,
        KeyRange range,
        int read,
        CancellationToken cancellationToken,
        bool ascending = false
    )
    {
        var history = await shards.FindAsync(tenant, cancellationToken);
        var partitions = history.Partitions(tenant).ToList();
        return new MergedItems(
            [
                .. partitions.Select(partition =>
                {
                    var request = ItemQueries.OfPartition(items.Table, partition, range, s_fields);
                    request.ScanIndexForward = ascending;
                    request.Limit = Math.Max(ReadMin, read / partitions.Count);
                    return new ItemStream(items, request);
                }),
            ],
            ascending
        );
    }

    /// <summary>
    /// Takes the next event with its deliveries; its group is null for deliveries whose event is gone.
    /// Null at the end.
    /// </summary>
    public static async Task<(
        EventId EventId,
        string Partition,
        EventGroup? Group
    )?> TakeEventAsync(MergedItems found, EventId? before, CancellationToken cancellationToken)
    {
        EventId? taken = null;
        var group = new List<Item>();
        while (await found.PeekAsync(cancellationToken) is { } item)
        {
            var known = ItemKeys.TryParse(ItemKeys.SortKey(item), out var eventId, out _);
            if (known && eventId != before)
            {
                if (taken is not null && taken != eventId)
                {
                    break;
                }

                taken = eventId;
                group.Add(item);
            }

            found.Take();
        }

        return taken is { } id ? (id, ItemKeys.Partition(group[0]), EventGroup.Read(group)) : null;
    }
}
