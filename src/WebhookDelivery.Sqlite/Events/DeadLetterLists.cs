using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Lists dead letters, newest event first, then by endpoint id.</summary>
internal static class DeadLetterLists
{
    private const string Sql = $"""
        SELECT {EventRows.DeliveryColumns}, d.event_id
        FROM deliveries d INDEXED BY deliveries_dead
        CROSS JOIN endpoint_refs k ON k.ref = d.endpoint
        WHERE d.tenant = ?1 AND d.status = 3 AND d.event_id >= ?2 AND d.event_id <= ?3
        ORDER BY d.event_id DESC, k.endpoint
        """;

    public static DeadLetterPage List(Database database, DeadLetterQuery query)
    {
        if (EventRows.TenantRef(database, query.TenantId) is not { } tenant)
        {
            return new DeadLetterPage([], null);
        }

        var found = new List<Delivery>();
        var (least, bound) = EventLists.Bounds(query.Since, query.Until, before: null);
        // Inclusive: the position's event may have more of them. No id equals the bound of a time.
        var most =
            query.After is { } after && after.EventId.Value < bound ? after.EventId.Value : bound;
        using var rows = database.Prepare(Sql).Bind(tenant).Bind(least).Bind(most).Query();
        DeadLetterPosition? last = null;
        for (var examined = 0; rows.Step(); examined++)
        {
            if (examined >= EventLists.ExaminedMax || found.Count == query.Limit)
            {
                return new DeadLetterPage(found, last);
            }

            var eventId = EventId.FromBytes(rows.Blob(EventRows.NextDeliveryColumn));
            var delivery = EventRows.Delivery(rows, query.TenantId, eventId);
            if (IsAfter(delivery.Key, query.After))
            {
                last = new DeadLetterPosition(eventId, delivery.Key.EndpointId);
                if (query.Accepts(delivery) && HasType(database, query, tenant, eventId))
                {
                    found.Add(delivery);
                }
            }
        }

        return new DeadLetterPage(found, null);
    }

    /// <summary>Whether an event's type passes; the event is read only where that is asked.</summary>
    private static bool HasType(
        Database database,
        DeadLetterQuery query,
        long tenant,
        EventId eventId
    )
    {
        if (!query.IsByType)
        {
            return true;
        }

        using var rows = database
            .Prepare("SELECT type FROM events WHERE tenant = ?1 AND event_id = ?2")
            .Bind(tenant)
            .Bind(eventId.Value)
            .Query();
        return rows.Step() && query.EventTypes.Matches(rows.TextOrNull(0));
    }

    private static bool IsAfter(DeliveryKey key, DeadLetterPosition? position) =>
        position is not { } after
        || key.EventId != after.EventId
        || key.EndpointId.CompareTo(after.EndpointId) > 0;
}
