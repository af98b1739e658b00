using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Lists one endpoint's deliveries, oldest event first. Unhappy ones and few open ones come from
/// indexes; for others the tenant's events are walked, a bounded number per page.
/// </summary>
internal static class DeliveryLists
{
    /// <summary>Up to so many open deliveries are sorted for a page, some 10 ms; beyond, events are walked.</summary>
    internal const int OpenMax = 20_000;

    private const string Range = "event_id >= ?2 AND event_id < ?3";

    // No index leads from an endpoint to what it was delivered: to keep one would cost every delivery.
    private const string WalkSql = $"""
        SELECT event_id FROM events INDEXED BY events_by_id
        WHERE tenant = ?1 AND {Range} ORDER BY event_id
        """;

    private const string OpenSql = $"""
        SELECT event_id FROM (
            SELECT event_id FROM deliveries INDEXED BY deliveries_due
            WHERE endpoint = ?1 AND due_ms IS NOT NULL)
        WHERE {Range}
        """;

    private const string OpenCountSql = """
        SELECT count(*) FROM (
            SELECT 1 FROM deliveries INDEXED BY deliveries_due
            WHERE endpoint = ?1 AND due_ms IS NOT NULL LIMIT ?2)
        """;

    private const string FindSql = $"""
        SELECT {EventRows.DeliveryColumns}, e.type
        FROM deliveries d
        CROSS JOIN endpoint_refs k ON k.ref = d.endpoint
        CROSS JOIN events e ON e.tenant = d.tenant AND e.event_id = d.event_id
        WHERE d.event_id = ?1 AND d.endpoint = ?2
        """;

    private static readonly DeliveryStatus[] s_unhappy =
    [
        DeliveryStatus.Failed,
        DeliveryStatus.Parked,
        DeliveryStatus.DeadLetter,
        DeliveryStatus.Cancelled,
    ];

    public static DeliveryPage List(Database database, DeliveryQuery query)
    {
        if (DueReader.FindRefs(database, query.Endpoint) is not var (tenant, endpoint))
        {
            return new DeliveryPage([], null);
        }

        var found = new List<Delivery>();
        using var rows = Begin(database, query, tenant, endpoint);
        EventId? last = null;
        for (var examined = 0; rows.Step(); )
        {
            var eventId = EventId.FromBytes(rows.Blob(0));
            if (eventId == query.After || eventId == last)
            {
                continue;
            }

            if (examined++ == EventLists.ExaminedMax || found.Count == query.Limit)
            {
                return new DeliveryPage(found, last);
            }

            last = eventId;
            if (Find(database, query, eventId, endpoint) is { } delivery)
            {
                found.Add(delivery);
            }
        }

        return new DeliveryPage(found, null);
    }

    /// <summary>The ids of events whose deliveries come into question, in order.</summary>
    private static Statement.Rows Begin(
        Database database,
        DeliveryQuery query,
        long tenant,
        long endpoint
    )
    {
        var (least, bound) = EventLists.Bounds(query.Since, query.Until, before: null);
        if (query.After is { } after && after.Value > least)
        {
            least = after.Value;
        }

        var statuses = query.Statuses;
        var isWalk =
            statuses.Count == 0
            || statuses.Contains(DeliveryStatus.Delivered)
            || (
                statuses.Contains(DeliveryStatus.Pending) && CountOpen(database, endpoint) > OpenMax
            );
        return database
            .Prepare(isWalk ? WalkSql : IndexedSql(statuses))
            .Bind(isWalk ? tenant : endpoint)
            .Bind(least)
            .Bind(bound)
            .Query();
    }

    /// <summary>Each part comes in order of its index, so that they are merged as far as is read.</summary>
    private static string IndexedSql(IReadOnlySet<DeliveryStatus> statuses)
    {
        var parts = s_unhappy
            .Where(statuses.Contains)
            .Select(status =>
                $"""
                    SELECT event_id FROM deliveries INDEXED BY deliveries_unhappy
                    WHERE endpoint = ?1 AND status = {(int)status} AND {Range}
                    """
            )
            .ToList();
        if (statuses.Contains(DeliveryStatus.Pending))
        {
            parts.Add(OpenSql);
        }

        return string.Join(" UNION ALL ", parts) + " ORDER BY event_id";
    }

    private static long CountOpen(Database database, long endpoint)
    {
        using var rows = database.Prepare(OpenCountSql).Bind(endpoint).Bind(OpenMax + 1).Query();
        return rows.Step() ? rows.Int64(0) : 0;
    }

    private static Delivery? Find(
        Database database,
        DeliveryQuery query,
        EventId eventId,
        long endpoint
    )
    {
        using var rows = database.Prepare(FindSql).Bind(eventId.Value).Bind(endpoint).Query();
        if (!rows.Step())
        {
            return null;
        }

        var delivery = EventRows.Delivery(rows, query.TenantId, eventId);
        var type = rows.TextOrNull(EventRows.NextDeliveryColumn);
        return query.Accepts(delivery, type) ? delivery : null;
    }
}
