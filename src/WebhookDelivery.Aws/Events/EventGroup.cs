using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>An event with its deliveries as they were read, those without an item included.</summary>
internal sealed class EventGroup
{
    private readonly Dictionary<EndpointId, Dictionary<string, AttributeValue>> _items;

    private EventGroup(
        EventItem item,
        Dictionary<EndpointId, Dictionary<string, AttributeValue>> items
    )
    {
        Item = item;
        _items = items;
        Deliveries =
        [
            .. item
                .Endpoints.Union(items.Where(IsAdded).Select(each => each.Key))
                .Order()
                .Select(endpoint =>
                    items.TryGetValue(endpoint, out var stored)
                        ? DeliveryItem.Read(stored)
                        : DeliveryItem.Untouched(
                            new DeliveryKey(item.Event.TenantId, item.Event.Id, endpoint),
                            item
                        )
                ),
        ];
    }

    /// <summary>The event.</summary>
    public EventItem Item { get; }

    /// <summary>Its deliveries, by endpoint id.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; }

    /// <summary>The items that were read, the event's first.</summary>
    public required IReadOnlyList<Dictionary<string, AttributeValue>> Items { get; init; }

    /// <summary>Event and deliveries as the port gives them.</summary>
    public StoredEvent ToStored() => new(Item.Event, Deliveries);

    /// <summary>The item of a delivery; null for one that nothing has happened to.</summary>
    public Dictionary<string, AttributeValue>? ItemOf(EndpointId endpoint) =>
        _items.GetValueOrDefault(endpoint);

    /// <summary>
    /// Makes one of an event's items. Null without the event's own: what is left of an erased or
    /// expired one, or was written for one that never was.
    /// </summary>
    public static EventGroup? Read(IEnumerable<Dictionary<string, AttributeValue>> items)
    {
        Dictionary<string, AttributeValue>? own = null;
        var deliveries = new Dictionary<EndpointId, Dictionary<string, AttributeValue>>();
        foreach (var item in items)
        {
            if (ItemKeys.TryParse(ItemKeys.SortKey(item), out _, out var endpoint))
            {
                if (endpoint is { } to)
                {
                    deliveries[to] = item;
                }
                else
                {
                    own = item;
                }
            }
        }

        return own is null
            ? null
            : new EventGroup(EventItem.Read(own), deliveries)
            {
                Items = [own, .. deliveries.Values],
            };
    }

    // Others that the event was not routed to are of no delivery: written for one that never was.
    private static bool IsAdded(
        KeyValuePair<EndpointId, Dictionary<string, AttributeValue>> item
    ) => item.Value.ContainsKey(EventsTable.DeliveryField.Added);

    /// <summary>
    /// Whether retention is over: no delivery is open, and each last changed long enough ago; without
    /// deliveries, the event was created long enough ago.
    /// </summary>
    public bool IsExpired(DateTimeOffset now, Retention retention) =>
        Deliveries.Count == 0
            ? Item.Event.CreatedAt + retention.Events <= now
            : Deliveries.All(delivery =>
                !delivery.Status.IsOpen()
                && delivery.UpdatedAt + retention.Of(delivery.Status) <= now
            );
}
