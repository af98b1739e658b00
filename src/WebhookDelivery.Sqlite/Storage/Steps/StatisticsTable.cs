namespace WebhookDelivery.Sqlite;

/// <summary>What happened, by hour: a row for each tenant or endpoint and hour in which something did.</summary>
internal static class StatisticsTable
{
    // endpoint is an endpoint_refs.ref, or 0 for the tenant as a whole. attempts and latency are counts
    // by reason and by bucket, as Core writes them. A row keeps its hour, so that counting moves
    // nothing in the index, by which alone expiry finds what is old.
    private const string Sql = """
        CREATE TABLE statistics (
            tenant INTEGER NOT NULL,
            endpoint INTEGER NOT NULL,
            hour_ms INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            deliveries INTEGER NOT NULL,
            delivered INTEGER NOT NULL,
            dead_lettered INTEGER NOT NULL,
            parked INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            attempts BLOB NOT NULL,
            latency BLOB NOT NULL,
            PRIMARY KEY (tenant, endpoint, hour_ms)
        ) WITHOUT ROWID;
        CREATE INDEX statistics_by_hour ON statistics (hour_ms);
        """;

    public static SchemaStep Step { get; } = new("statistics by hour", Sql);
}
