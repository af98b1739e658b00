namespace WebhookDelivery.Sqlite;

/// <summary>
/// An endpoint's external id beside its document, so that the database itself lets no two endpoints of
/// a tenant have the same one. A deleted endpoint leaves the index, and its external id is free.
/// </summary>
internal static class ExternalIdIndex
{
    private const string Sql = """
        ALTER TABLE endpoints ADD COLUMN external_id TEXT;
        CREATE UNIQUE INDEX endpoints_by_external_id ON endpoints (tenant, external_id)
            WHERE external_id IS NOT NULL AND deleted_ms IS NULL;
        """;

    public static SchemaStep Step { get; } = new("an index of external ids", Sql);
}
