using System.Diagnostics.CodeAnalysis;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Makes and reads the keys of items in `{prefix}-Events`.</summary>
internal static class ItemKeys
{
    /// <summary>The key attributes of an event.</summary>
    public static Dictionary<string, AttributeValue> Of(string partition, EventId eventId) =>
        Of(partition, eventId.ToString());

    /// <summary>The key attributes of a delivery.</summary>
    public static Dictionary<string, AttributeValue> Of(string partition, DeliveryKey key) =>
        Of(partition, EventsTable.SortKey(key));

    /// <summary>The key attributes of any item.</summary>
    public static Dictionary<string, AttributeValue> Of(string partition, string sortKey) =>
        new(StringComparer.Ordinal)
        {
            [EventsTable.TenantId] = partition.ToAttribute(),
            [EventsTable.EventId] = sortKey.ToAttribute(),
        };

    /// <summary>The key attributes of an item that was read, from the table or an index.</summary>
    public static Dictionary<string, AttributeValue> Of(Dictionary<string, AttributeValue> item) =>
        Of(Partition(item), SortKey(item));

    /// <summary>The partition of an item that was read.</summary>
    public static string Partition(Dictionary<string, AttributeValue> item) =>
        item[EventsTable.TenantId].S;

    /// <summary>The sort key of an item that was read.</summary>
    public static string SortKey(Dictionary<string, AttributeValue> item) =>
        item[EventsTable.EventId].S;

    /// <summary>Whose a partition of events is: what stands before its shard number, if it has one.</summary>
    public static TenantId TenantOf(string partition) => TenantId.Parse(partition.Split('#')[0]);

    /// <summary>
    /// Reads whose and which event or delivery an item is; false for items of another kind.
    /// </summary>
    /// <param name="item">An item of the table or of an index; the keys suffice.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="eventId">Which event.</param>
    /// <param name="delivery">Which delivery; null if the item is the event's own.</param>
    public static bool TryRead(
        Dictionary<string, AttributeValue> item,
        out TenantId tenant,
        out EventId eventId,
        out DeliveryKey? delivery
    )
    {
        (tenant, delivery) = (default, null);
        if (!TryParse(SortKey(item), out eventId, out var endpoint))
        {
            return false;
        }

        tenant = TenantOf(Partition(item));
        delivery = endpoint is { } to ? new DeliveryKey(tenant, eventId, to) : null;
        return true;
    }

    /// <summary>Reads the sort key of an event, or of a delivery; false for any other.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? sortKey,
        out EventId eventId,
        out EndpointId? endpoint
    )
    {
        (eventId, endpoint) = (default, null);
        var parts = sortKey?.Split('#') ?? [];
        if (parts.Length == 2 && EndpointId.TryParse(parts[1], out var id))
        {
            endpoint = id;
        }

        return EventId.TryParse(parts.ElementAtOrDefault(0), out eventId)
            && parts.Length == (endpoint is null ? 1 : 2);
    }
}
