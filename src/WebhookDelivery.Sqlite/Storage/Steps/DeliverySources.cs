namespace WebhookDelivery.Sqlite;

/// <summary>
/// What makes up for an outage must be told apart from live deliveries, and one endpoint's unhappy
/// deliveries found among millions that were delivered. What succeeds at its first attempt enters the
/// new index as little as those before.
/// </summary>
internal static class DeliverySources
{
    // The index of unhappy deliveries replaces that of parked ones, which it contains. That of open ones
    // tells lanes apart, so that a read of what is live does not pass over a backlog.
    private const string Sql = """
        ALTER TABLE deliveries ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE deliveries ADD COLUMN backlog INTEGER NOT NULL DEFAULT 0;
        DROP INDEX deliveries_due;
        CREATE INDEX deliveries_due ON deliveries (endpoint, backlog, due_ms)
            WHERE due_ms IS NOT NULL;
        DROP INDEX deliveries_parked;
        CREATE INDEX deliveries_unhappy ON deliveries (endpoint, status, event_id)
            WHERE status = 1 OR status = 2 OR status = 3 OR status = 4;
        """;

    public static SchemaStep Step { get; } =
        new("sources of deliveries, and an index to list them", Sql);
}
