using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Finds open deliveries again by the index of due times.</summary>
internal static class DueReader
{
    /// <summary>What to read of one lane.</summary>
    /// <param name="Lane">Which.</param>
    /// <param name="NowMs">What is due by then.</param>
    /// <param name="Limit">Most deliveries to return.</param>
    /// <param name="From">Where to begin; null for behind what memory holds.</param>
    /// <param name="Held">How many rows memory holds.</param>
    /// <param name="PayloadBytesMax">Longest payload that is read along; negative for none.</param>
    /// <param name="RemoveHeld">Takes those that memory holds out of a list.</param>
    public sealed record Request(
        LaneKey Lane,
        long NowMs,
        int Limit,
        DuePosition? From,
        int Held,
        int PayloadBytesMax,
        Action<List<DuePosition>> RemoveHeld
    );

    public readonly record struct OpenLane(LaneKey Key, long FirstDueMs);

    private const string FirstSql = """
        SELECT due_ms, event_id FROM deliveries INDEXED BY deliveries_due
        WHERE endpoint = ?1 AND backlog = ?2 AND due_ms <= ?3 ORDER BY due_ms, event_id LIMIT ?4
        """;

    // One statement for all rows: it stays where it is in each of the trees.
    private const string DueSql = """
        SELECT d.due_ms, d.event_id, d.generation, d.generation_attempts, d.source, e.type,
            e.trace_parent, CASE WHEN length(e.payload) <= ?7 THEN e.payload END
        FROM deliveries d INDEXED BY deliveries_due
        CROSS JOIN events e ON e.tenant = ?3 AND e.event_id = d.event_id
        WHERE d.endpoint = ?1 AND d.backlog = ?2 AND (d.due_ms, d.event_id) >= (?4, ?5)
            AND d.due_ms <= ?6
        ORDER BY d.due_ms, d.event_id LIMIT ?8
        """;

    private const string NextSql = """
        SELECT due_ms FROM deliveries INDEXED BY deliveries_due
        WHERE endpoint = ?1 AND backlog = ?2 AND due_ms > ?3 ORDER BY due_ms LIMIT 1
        """;

    private const string SkipSql = """
        SELECT d.endpoint, d.backlog, d.due_ms, k.endpoint, t.tenant
        FROM deliveries d INDEXED BY deliveries_due
        CROSS JOIN endpoint_refs k ON k.ref = d.endpoint
        CROSS JOIN tenant_refs t ON t.ref = k.tenant
        WHERE d.due_ms IS NOT NULL AND (d.endpoint, d.backlog) > (?1, ?2)
        ORDER BY d.endpoint, d.backlog, d.due_ms LIMIT 1
        """;

    public static DueBatch Read(Database database, Request asked)
    {
        if (FindRefs(database, asked.Lane.Endpoint) is not var (tenant, endpoint))
        {
            return new DueBatch([], More: false, EndpointWindow.Never);
        }

        if ((asked.From ?? First(database, endpoint, asked)) is not { } from)
        {
            return new DueBatch([], More: false, Next(database, endpoint, asked));
        }

        var found = Due(database, tenant, endpoint, from, asked);
        return found.Count == asked.Limit
            ? new DueBatch(found, More: true, EndpointWindow.Never, PositionOf(found[^1]))
            : new DueBatch(found, More: false, Next(database, endpoint, asked));
    }

    /// <summary>
    /// Every lane with an open delivery, and when its first is due. Skips from one to the next in the
    /// index: the cost is by lane, whatever the backlog.
    /// </summary>
    public static List<OpenLane> OpenLanes(Database database)
    {
        var found = new List<OpenLane>();
        var (endpoint, backlog) = (0L, 0L);
        while (true)
        {
            using var rows = database.Prepare(SkipSql).Bind(endpoint).Bind(backlog).Query();
            if (!rows.Step())
            {
                return found;
            }

            (endpoint, backlog) = (rows.Int64(0), rows.Int64(1));
            found.Add(
                new OpenLane(
                    new LaneKey(
                        new EndpointKey(
                            TenantId.Parse(rows.Text(4)),
                            EndpointId.FromBytes(rows.Blob(3))
                        ),
                        backlog != 0
                    ),
                    rows.Int64(2)
                )
            );
        }
    }

    /// <summary>A lane as the database says it.</summary>
    private static long Number(LaneKey lane) => lane.Backlog ? 1 : 0;

    private static DuePosition PositionOf(DueDelivery due) =>
        new(due.DueAt.ToMs(), due.Key.EventId);

    /// <summary>The first due delivery that memory does not hold; null if there is none.</summary>
    private static DuePosition? First(Database database, long endpoint, Request asked)
    {
        var found = new List<DuePosition>(asked.Held + 1);
        using var rows = database
            .Prepare(FirstSql)
            .Bind(endpoint)
            .Bind(Number(asked.Lane))
            .Bind(asked.NowMs)
            .Bind(asked.Held + 1)
            .Query();
        while (rows.Step())
        {
            found.Add(new DuePosition(rows.Int64(0), EventId.FromBytes(rows.Blob(1))));
        }

        asked.RemoveHeld(found);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>What is due from a position on, in that order; may hold what memory holds as well.</summary>
    private static List<DueDelivery> Due(
        Database database,
        long tenant,
        long endpoint,
        DuePosition from,
        Request asked
    )
    {
        var found = new List<DueDelivery>(asked.Limit);
        using var rows = database
            .Prepare(DueSql)
            .Bind(endpoint)
            .Bind(Number(asked.Lane))
            .Bind(tenant)
            .Bind(from.DueMs)
            .Bind(from.EventId.Value)
            .Bind(asked.NowMs)
            .Bind(asked.PayloadBytesMax)
            .Bind(asked.Limit)
            .Query();
        while (rows.Step())
        {
            found.Add(
                new DueDelivery
                {
                    Key = new DeliveryKey(
                        asked.Lane.Endpoint.TenantId,
                        EventId.FromBytes(rows.Blob(1)),
                        asked.Lane.Endpoint.EndpointId
                    ),
                    Generation = rows.Int32(2),
                    Attempt = rows.Int32(3) + 1,
                    DueAt = Times.FromMs(rows.Int64(0)),
                    Source = (EventSource)rows.Int32(4),
                    Backlog = asked.Lane.Backlog,
                    EventType = rows.TextOrNull(5),
                    TraceParent = rows.TextOrNull(6),
                    Payload = rows.Memory(7),
                }
            );
        }

        return found;
    }

    private static long Next(Database database, long endpoint, Request asked)
    {
        using var rows = database
            .Prepare(NextSql)
            .Bind(endpoint)
            .Bind(Number(asked.Lane))
            .Bind(asked.NowMs)
            .Query();
        return rows.Step() ? rows.Int64(0) : EndpointWindow.Never;
    }

    /// <summary>The small integers of an endpoint and its tenant; null for one that never had a delivery.</summary>
    public static (long Tenant, long Endpoint)? FindRefs(Database database, EndpointKey key)
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
