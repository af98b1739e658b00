using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Finds open deliveries again by the index of due times.</summary>
internal static class DueReader
{
    /// <summary>What to read of one endpoint.</summary>
    /// <param name="Endpoint">Which.</param>
    /// <param name="NowMs">What is due by then.</param>
    /// <param name="Limit">Most deliveries to return.</param>
    /// <param name="Held">How many of the rows may be ones that memory holds.</param>
    /// <param name="PayloadBytesMax">Longest payload that is read along; negative for none.</param>
    /// <param name="RemoveHeld">Takes those that memory holds out of a list.</param>
    public sealed record Request(
        EndpointKey Endpoint,
        long NowMs,
        int Limit,
        int Held,
        int PayloadBytesMax,
        Action<List<DueRow>> RemoveHeld
    );

    public readonly record struct DueRow(EventId EventId, long DueMs);

    public readonly record struct OpenEndpoint(EndpointKey Key, long FirstDueMs);

    private const string DueSql = """
        SELECT event_id, due_ms FROM deliveries INDEXED BY deliveries_due
        WHERE endpoint = ?1 AND due_ms <= ?2 ORDER BY due_ms LIMIT ?3
        """;

    private const string NextSql = """
        SELECT due_ms FROM deliveries INDEXED BY deliveries_due
        WHERE endpoint = ?1 AND due_ms > ?2 ORDER BY due_ms LIMIT 1
        """;

    private const string SkipSql = """
        SELECT d.endpoint, d.due_ms, k.endpoint, t.tenant
        FROM deliveries d INDEXED BY deliveries_due
        CROSS JOIN endpoint_refs k ON k.ref = d.endpoint
        CROSS JOIN tenant_refs t ON t.ref = k.tenant
        WHERE d.due_ms IS NOT NULL AND d.endpoint > ?1
        ORDER BY d.endpoint, d.due_ms LIMIT 1
        """;

    public static DueBatch Read(Database database, Request asked)
    {
        if (FindRefs(database, asked.Endpoint) is not var (tenant, endpoint))
        {
            return new DueBatch([], More: false, EndpointWindow.Never);
        }

        var rows = Due(database, endpoint, asked);
        asked.RemoveHeld(rows);
        var more = rows.Count > asked.Limit;
        var found = new List<DueDelivery>(Math.Min(rows.Count, asked.Limit));
        foreach (var row in rows)
        {
            if (found.Count == asked.Limit)
            {
                break;
            }

            var key = new DeliveryKey(
                asked.Endpoint.TenantId,
                row.EventId,
                asked.Endpoint.EndpointId
            );
            var due = DueRows.Find(
                database,
                key,
                tenant,
                endpoint,
                Times.FromMs(row.DueMs),
                asked.PayloadBytesMax
            );
            if (due is not null)
            {
                found.Add(due);
            }
        }

        return new DueBatch(
            found,
            more,
            more ? EndpointWindow.Never : Next(database, endpoint, asked.NowMs)
        );
    }

    /// <summary>
    /// Every endpoint with an open delivery, and when its first is due. Skips from one endpoint to
    /// the next in the index: the cost is by endpoint, whatever the backlog.
    /// </summary>
    public static List<OpenEndpoint> OpenEndpoints(Database database)
    {
        var found = new List<OpenEndpoint>();
        var last = 0L;
        while (true)
        {
            using var rows = database.Prepare(SkipSql).Bind(last).Query();
            if (!rows.Step())
            {
                return found;
            }

            last = rows.Int64(0);
            found.Add(
                new OpenEndpoint(
                    new EndpointKey(
                        TenantId.Parse(rows.Text(3)),
                        EndpointId.FromBytes(rows.Blob(2))
                    ),
                    rows.Int64(1)
                )
            );
        }
    }

    private static List<DueRow> Due(Database database, long endpoint, Request asked)
    {
        var found = new List<DueRow>();
        using var rows = database
            .Prepare(DueSql)
            .Bind(endpoint)
            .Bind(asked.NowMs)
            .Bind(asked.Held + asked.Limit + 1)
            .Query();
        while (rows.Step())
        {
            found.Add(new DueRow(EventId.FromBytes(rows.Blob(0)), rows.Int64(1)));
        }

        return found;
    }

    private static long Next(Database database, long endpoint, long nowMs)
    {
        using var rows = database.Prepare(NextSql).Bind(endpoint).Bind(nowMs).Query();
        return rows.Step() ? rows.Int64(0) : EndpointWindow.Never;
    }

    private static (long Tenant, long Endpoint)? FindRefs(Database database, EndpointKey key)
    {
        using var rows = database
            .Prepare(
                """
                SELECT k.tenant, k.ref FROM tenant_refs t JOIN endpoint_refs k ON k.tenant = t.ref
                WHERE t.tenant = ?1 AND k.endpoint = ?2
                """
            )
            .Bind(key.TenantId.Value)
            .Bind(key.EndpointId.Value)
            .Query();
        return rows.Step() ? (rows.Int64(0), rows.Int64(1)) : null;
    }
}
