namespace WebhookDelivery.Sqlite;

/// <summary>What holds of every database that only this program has written.</summary>
internal static class Invariants
{
    /// <summary>What is wrong if there are rows, and the query that counts them.</summary>
    private static readonly (string Fault, string Sql)[] s_all =
    [
        (
            "deliveries have a status that does not exist",
            "SELECT COUNT(*) FROM deliveries WHERE status NOT BETWEEN 0 AND 5"
        ),
        (
            "open deliveries have no due time, so that nothing would ever send them",
            "SELECT COUNT(*) FROM deliveries WHERE status IN (0, 1) AND due_ms IS NULL"
        ),
        (
            "deliveries that are not open have a due time, so that they would be sent",
            "SELECT COUNT(*) FROM deliveries WHERE status NOT IN (0, 1) AND due_ms IS NOT NULL"
        ),
        (
            "deliveries count their attempts wrongly",
            "SELECT COUNT(*) FROM deliveries WHERE generation < 1 OR generation_attempts < 0 OR attempts < generation_attempts"
        ),
        (
            "deliveries have no event",
            """
            SELECT COUNT(*) FROM deliveries d WHERE NOT EXISTS
                (SELECT 1 FROM events e WHERE e.tenant = d.tenant AND e.event_id = d.event_id)
            """
        ),
        (
            "deliveries name an endpoint that is not their tenant's",
            """
            SELECT COUNT(*) FROM deliveries d WHERE NOT EXISTS
                (SELECT 1 FROM endpoint_refs k WHERE k.ref = d.endpoint AND k.tenant = d.tenant)
            """
        ),
        (
            "attempts have no delivery",
            """
            SELECT COUNT(*) FROM attempts a WHERE NOT EXISTS
                (SELECT 1 FROM deliveries d
                 WHERE d.event_id = a.event_id AND d.endpoint = a.endpoint)
            """
        ),
        (
            "events have no tenant",
            """
            SELECT COUNT(*) FROM events e WHERE NOT EXISTS
                (SELECT 1 FROM tenant_refs t WHERE t.ref = e.tenant)
            """
        ),
        (
            "events have an id that is none",
            "SELECT COUNT(*) FROM events WHERE length(event_id) <> 16"
        ),
        (
            "references to endpoints have no tenant",
            """
            SELECT COUNT(*) FROM endpoint_refs k WHERE NOT EXISTS
                (SELECT 1 FROM tenant_refs t WHERE t.ref = k.tenant)
            """
        ),
        (
            "endpoints have no tenant",
            """
            SELECT COUNT(*) FROM endpoints p WHERE NOT EXISTS
                (SELECT 1 FROM tenants t WHERE t.tenant = p.tenant)
            """
        ),
        (
            "API keys have no tenant",
            """
            SELECT COUNT(*) FROM api_keys k WHERE k.tenant IS NOT NULL AND NOT EXISTS
                (SELECT 1 FROM tenants t WHERE t.tenant = k.tenant)
            """
        ),
        (
            "idempotency keys stand for no answer",
            "SELECT COUNT(*) FROM idempotency_keys WHERE length(event_id) <> 16 OR length(endpoints) % 16 <> 0"
        ),
    ];

    /// <summary>Apart from the others: a backup may be of a version from before there were any.</summary>
    private static readonly (string Fault, string Sql) s_ofStatistics = (
        "statistics are of no tenant, of another's endpoint, or of no whole hour",
        """
        SELECT COUNT(*) FROM statistics s WHERE s.hour_ms % 3600000 <> 0 OR NOT EXISTS
            (SELECT 1 FROM tenant_refs t WHERE t.ref = s.tenant
             AND (s.endpoint = 0 OR EXISTS
                (SELECT 1 FROM endpoint_refs k WHERE k.ref = s.endpoint AND k.tenant = t.ref)))
        """
    );

    /// <summary>What does not hold, each with how many rows.</summary>
    public static IEnumerable<string> Broken(Database database)
    {
        var hasStatistics =
            database.ScalarInt64("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'statistics'")
            > 0;
        foreach (var (fault, sql) in hasStatistics ? [.. s_all, s_ofStatistics] : s_all)
        {
            if (database.ScalarInt64(sql) is > 0 and var rows)
            {
                yield return $"{rows} {fault}";
            }
        }
    }
}
