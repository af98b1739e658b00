using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads statistics: a stretch of the primary key.</summary>
internal static class StatisticsReads
{
    private const string Sql = """
        SELECT hour_ms, accepted, deliveries, delivered, dead_lettered, parked, cancelled, attempts,
            latency
        FROM statistics
        WHERE tenant = ?1 AND endpoint = ?2 AND hour_ms >= ?3 AND hour_ms < ?4
        ORDER BY hour_ms
        """;

    private const string EndpointSql =
        "SELECT ref FROM endpoint_refs WHERE tenant = ?1 AND endpoint = ?2";

    /// <summary>The hours that there are counts of, oldest first.</summary>
    public static IReadOnlyList<CountedHour> Read(Database database, StatisticsQuery query)
    {
        if (
            EventRows.TenantRef(database, query.TenantId) is not { } tenant
            || EndpointRef(database, tenant, query.EndpointId) is not { } endpoint
        )
        {
            return [];
        }

        var found = new List<CountedHour>();
        using var rows = database
            .Prepare(Sql)
            .Bind(tenant)
            .Bind(endpoint)
            .Bind(query.Since.ToMs())
            .Bind(query.Until.ToMs())
            .Query();
        while (rows.Step())
        {
            var counts = new HourCounts
            {
                Accepted = rows.Int64(1),
                Deliveries = rows.Int64(2),
                Delivered = rows.Int64(3),
                DeadLettered = rows.Int64(4),
                Parked = rows.Int64(5),
                Cancelled = rows.Int64(6),
            };
            counts.Attempts.Add(rows.Blob(7));
            counts.Latency.Add(rows.Blob(8));
            found.Add(new CountedHour(rows.Time(0), counts));
        }

        return found;
    }

    /// <summary>0 for the tenant as a whole; null for an endpoint that nothing was ever stored of.</summary>
    private static long? EndpointRef(Database database, long tenant, EndpointId? endpoint)
    {
        if (endpoint is not { } id)
        {
            return 0;
        }

        using var rows = database.Prepare(EndpointSql).Bind(tenant).Bind(id.Value).Query();
        return rows.Step() ? rows.Int64(0) : null;
    }
}
