namespace WebhookDelivery.Sqlite;

/// <summary>
/// Who looks at a database years later must be able to tell which programs it has been through.
/// </summary>
internal static class HistoryTable
{
    private const string Sql = """
        -- A row for each step from this one on: which program took it, when, and for how long.
        CREATE TABLE schema_history (
            version INTEGER PRIMARY KEY,
            program TEXT NOT NULL,
            migrated_ms INTEGER NOT NULL,
            took_ms INTEGER NOT NULL
        );
        """;

    public static SchemaStep Step { get; } = new("a record of the schema's steps", Sql);
}
