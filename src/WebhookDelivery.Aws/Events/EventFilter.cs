using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What of a query is left to judge once an event is read.</summary>
internal static class EventFilter
{
    /// <summary>Whether an event has not expired and is what the query asks for.</summary>
    public static bool Matches(
        EventGroup group,
        EventQuery query,
        DateTimeOffset now,
        Retention retention
    )
    {
        if (query.Type is { } type && group.Item.Event.Type != type)
        {
            return false;
        }

        var filtered = query.Status is not null || query.EndpointId is not null;
        return (!filtered || group.Deliveries.Any(delivery => Matches(delivery, query)))
            && !group.IsExpired(now, retention);
    }

    private static bool Matches(Delivery delivery, EventQuery query) =>
        (query.Status is null || delivery.Status == query.Status)
        && (query.EndpointId is null || delivery.Key.EndpointId == query.EndpointId);
}
