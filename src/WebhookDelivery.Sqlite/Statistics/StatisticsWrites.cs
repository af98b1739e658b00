using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Adds to statistics and deletes them, in the writer's transaction.</summary>
internal static class StatisticsWrites
{
    private const string LiveSql = "SELECT 1 FROM tenants WHERE tenant = ?1 AND deleted_ms IS NULL";

    private const string FindSql =
        "SELECT attempts, latency FROM statistics WHERE tenant = ?1 AND endpoint = ?2 AND hour_ms = ?3";

    private const string AddSql = """
        INSERT INTO statistics VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT DO UPDATE SET
            accepted = accepted + excluded.accepted,
            deliveries = deliveries + excluded.deliveries,
            delivered = delivered + excluded.delivered,
            dead_lettered = dead_lettered + excluded.dead_lettered,
            parked = parked + excluded.parked,
            cancelled = cancelled + excluded.cancelled,
            attempts = excluded.attempts,
            latency = excluded.latency
        """;

    /// <summary>
    /// Adds counts to an hour's; false, adding nothing, where the tenant is deleted: what is counted
    /// after that nobody will read, and nothing would ever erase.
    /// </summary>
    public static bool Add(WriteSession session, (HourKey Key, HourCounts Counts) asked)
    {
        var (key, counts) = asked;
        if (!IsLive(session, key.TenantId))
        {
            return false;
        }

        var tenant = session.TenantRef(key.TenantId);
        var endpoint = key.EndpointId is { } id
            ? session.EndpointRef(new EndpointKey(key.TenantId, id))
            : 0;
        var (attempts, latency) = Merged(session, tenant, endpoint, key.Hour.ToMs(), counts);
        session
            .Prepare(AddSql)
            .Bind(tenant)
            .Bind(endpoint)
            .Bind(key.Hour.ToMs())
            .Bind(counts.Accepted)
            .Bind(counts.Deliveries)
            .Bind(counts.Delivered)
            .Bind(counts.DeadLettered)
            .Bind(counts.Parked)
            .Bind(counts.Cancelled)
            .Bind(attempts)
            .Bind(latency)
            .Run();
        return true;
    }

    /// <summary>Deletes hours that began by the time. Returns how many.</summary>
    public static int Expire(WriteSession session, (long BeforeMs, int Limit) asked) =>
        session
            .Prepare(
                """
                DELETE FROM statistics WHERE (tenant, endpoint, hour_ms) IN (
                    SELECT tenant, endpoint, hour_ms
                    FROM statistics INDEXED BY statistics_by_hour
                    WHERE hour_ms <= ?1 ORDER BY hour_ms LIMIT ?2)
                """
            )
            .Bind(asked.BeforeMs)
            .Bind(asked.Limit)
            .Run();

    /// <summary>Deletes some of a tenant's hours. Returns how many.</summary>
    public static int Erase(WriteSession session, long tenant, int limit) =>
        session
            .Prepare(
                """
                DELETE FROM statistics WHERE tenant = ?1 AND (endpoint, hour_ms) IN (
                    SELECT endpoint, hour_ms FROM statistics WHERE tenant = ?1 LIMIT ?2)
                """
            )
            .Bind(tenant)
            .Bind(limit)
            .Run();

    /// <summary>What is stored of the two rows of counts, with the new ones added.</summary>
    private static (byte[] Attempts, byte[] Latency) Merged(
        WriteSession session,
        long tenant,
        long endpoint,
        long hourMs,
        HourCounts counts
    )
    {
        var (attempts, latency) = (new ReasonCounts(), new LatencyHistogram());
        using (var rows = session.Prepare(FindSql).Bind(tenant).Bind(endpoint).Bind(hourMs).Query())
        {
            if (rows.Step())
            {
                attempts.Add(rows.Blob(0));
                latency.Add(rows.Blob(1));
            }
        }

        attempts.Add(counts.Attempts);
        latency.Add(counts.Latency);
        return (attempts.ToBytes(), latency.ToBytes());
    }

    private static bool IsLive(WriteSession session, TenantId tenant)
    {
        using var rows = session.Prepare(LiveSql).Bind(tenant.Value).Query();
        return rows.Step();
    }
}
