using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Reads `status-index`: a tenant's FAILED, PARKED or DEAD_LETTER deliveries, newest event first. It
/// holds keys only, and runs some moments behind the table: what it finds is a candidate.
/// </summary>
internal sealed class StatusIndex(EventItems items)
{
    /// <summary>All shards of the index as one.</summary>
    public MergedItems Read(TenantId tenant, DeliveryStatus status, KeyRange range) =>
        new([
            .. Enumerable
                .Range(0, EventsTable.StatusShards)
                .Select(shard => new ItemStream(
                    items,
                    ItemQueries.OfStatus(items.Table, tenant, status, shard, range)
                )),
        ]);

    /// <summary>Which delivery an item of the index is of.</summary>
    public static DeliveryKey KeyOf(
        Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item
    ) =>
        ItemKeys.TryRead(item, out _, out _, out var key) && key is { } found
            ? found
            : throw new FormatException("Not a delivery in status-index.");
}
