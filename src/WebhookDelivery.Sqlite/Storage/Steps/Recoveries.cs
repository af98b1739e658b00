namespace WebhookDelivery.Sqlite;

/// <summary>
/// Recoveries. Few at any time, and few of them running: the indexes hold those that somebody looks for.
/// </summary>
internal static class Recoveries
{
    // One of next_ms and finished_ms is null: which, says whether it runs.
    private const string Sql = """
        CREATE TABLE recoveries (
            id          INTEGER PRIMARY KEY,
            tenant      TEXT NOT NULL,
            endpoint    BLOB NOT NULL,
            recovery    BLOB NOT NULL,
            version     INTEGER NOT NULL,
            next_ms     INTEGER,
            finished_ms INTEGER,
            document    BLOB NOT NULL
        );
        CREATE UNIQUE INDEX recoveries_by_endpoint ON recoveries (tenant, endpoint, recovery);
        CREATE INDEX recoveries_running ON recoveries (next_ms) WHERE next_ms IS NOT NULL;
        CREATE INDEX recoveries_finished ON recoveries (finished_ms) WHERE finished_ms IS NOT NULL;
        """;

    public static SchemaStep Step { get; } = new("recoveries", Sql);
}
