namespace WebhookDelivery.Sqlite;

/// <summary>
/// Where an event went can be explained only by the endpoints as they were when it came: their
/// versions, each with the routing revision that it came with.
/// </summary>
internal static class EndpointVersions
{
    // A revision is null where the version was saved before this step. The table holds what other
    // versions took the place of, without secrets.
    private const string Sql = """
        ALTER TABLE endpoints ADD COLUMN revision INTEGER;
        ALTER TABLE endpoints ADD COLUMN first_revision INTEGER;

        CREATE TABLE endpoint_versions (
            tenant TEXT NOT NULL,
            endpoint BLOB NOT NULL,
            version INTEGER NOT NULL,
            revision INTEGER,
            first_revision INTEGER,
            superseded_ms INTEGER NOT NULL,
            deleted_ms INTEGER,
            document BLOB NOT NULL,
            PRIMARY KEY (tenant, endpoint, version)
        ) WITHOUT ROWID;
        CREATE INDEX endpoint_versions_by_age ON endpoint_versions (superseded_ms);
        """;

    public static SchemaStep Step { get; } = new("versions of endpoints", Sql);
}
