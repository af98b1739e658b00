using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Lists events, newest first, looking at a bounded number of rows per page.</summary>
internal static class EventLists
{
    /// <summary>Most rows that a page looks at, whatever its filter: some 10 ms.</summary>
    internal const int ExaminedMax = 2000;

    private const string AllSql = $"""
        SELECT {EventRows.EventColumns} FROM events e
        WHERE e.tenant = ?1 AND e.event_id >= ?2 AND e.event_id < ?3
        ORDER BY e.event_id DESC
        """;

    // Dead letters are few among many, and have an index. An event with several comes several times.
    private const string DeadSql = $"""
        SELECT {EventRows.EventColumns}
        FROM deliveries d INDEXED BY deliveries_dead
        CROSS JOIN events e ON e.tenant = d.tenant AND e.event_id = d.event_id
        WHERE d.tenant = ?1 AND d.status = 3 AND d.event_id >= ?2 AND d.event_id < ?3
        ORDER BY d.event_id DESC
        """;

    // So are failing ones, or else they are what is being looked for.
    private const string FailedSql = $"""
        SELECT {EventRows.EventColumns}
        FROM deliveries d INDEXED BY deliveries_failed
        CROSS JOIN events e ON e.tenant = d.tenant AND e.event_id = d.event_id
        WHERE d.tenant = ?1 AND d.status = 1 AND d.event_id >= ?2 AND d.event_id < ?3
        ORDER BY d.event_id DESC
        """;

    private const string ParkedSql = $"""
        SELECT {EventRows.EventColumns}
        FROM endpoint_refs k
        CROSS JOIN deliveries d INDEXED BY deliveries_unhappy ON d.endpoint = k.ref
        CROSS JOIN events e ON e.tenant = k.tenant AND e.event_id = d.event_id
        WHERE k.tenant = ?1 AND k.endpoint = ?4 AND d.status = 2
            AND d.event_id >= ?2 AND d.event_id < ?3
        ORDER BY d.event_id DESC
        """;

    public static EventPage List(Database database, EventQuery query)
    {
        if (EventRows.TenantRef(database, query.TenantId) is not { } tenant)
        {
            return new EventPage([], null);
        }

        var found = new List<StoredEvent>();
        using var rows = Begin(database, query, tenant);
        EventId? last = null;
        for (var examined = 0; rows.Step(); examined++)
        {
            if (examined == ExaminedMax || found.Count == query.Limit)
            {
                return new EventPage(found, last);
            }

            var eventId = EventId.FromBytes(rows.Blob(0));
            if (eventId != last && Read(database, rows, query, tenant, eventId) is { } stored)
            {
                found.Add(stored);
            }

            last = eventId;
        }

        return new EventPage(found, null);
    }

    private static Statement.Rows Begin(Database database, EventQuery query, long tenant)
    {
        var (least, bound) = Bounds(query.Since, query.Until, query.Before);
        var parked = query is { Status: DeliveryStatus.Parked, EndpointId: not null };
        var sql = query.Status switch
        {
            DeliveryStatus.DeadLetter => DeadSql,
            DeliveryStatus.Failed => FailedSql,
            _ when parked => ParkedSql,
            _ => AllSql,
        };
        var statement = database.Prepare(sql).Bind(tenant).Bind(least).Bind(bound);
        return (parked ? statement.Bind(query.EndpointId!.Value.Value) : statement).Query();
    }

    /// <summary>
    /// The range of ids that holds the range of times, first inclusive, second exclusive: an id's
    /// time part is when its event was created.
    /// </summary>
    internal static (Guid Least, Guid Bound) Bounds(
        DateTimeOffset? since,
        DateTimeOffset? until,
        EventId? before
    )
    {
        var least = since is { } from ? Times.FirstIdAt(from.ToMsCeiling()) : Guid.Empty;
        var bound = until is { } to ? Times.FirstIdAt(to.ToMsCeiling()) : Guid.AllBitsSet;
        return before is { } id && id.Value < bound ? (least, id.Value) : (least, bound);
    }

    private static StoredEvent? Read(
        Database database,
        in Statement.Rows rows,
        EventQuery query,
        long tenant,
        EventId eventId
    )
    {
        if (query.Type is { } type && (rows.IsNull(4) || rows.Text(4) != type))
        {
            return null;
        }

        var deliveries = EventRows.Deliveries(database, query.TenantId, tenant, eventId);
        var filtered = query.Status is not null || query.EndpointId is not null;
        return filtered && !deliveries.Exists(delivery => Matches(delivery, query))
            ? null
            : new StoredEvent(
                EventRows.Event(rows, query.TenantId, withPayload: false),
                deliveries
            );
    }

    private static bool Matches(Delivery delivery, EventQuery query) =>
        (query.Status is null || delivery.Status == query.Status)
        && (query.EndpointId is null || delivery.Key.EndpointId == query.EndpointId);
}
