namespace WebhookDelivery.Sqlite;

/// <summary>
/// Most deliveries are attempted once. Their attempt stands in their own row, which its outcome writes
/// anyway, and takes no row of its own; one that a later attempt follows moves to <c>attempts</c>.
/// </summary>
internal static class LastAttempt
{
    // With last_attempt_ms and last_status_code they are the attempt; last_reason may be that of what
    // has befallen the delivery since, so the attempt has its own. All null: it stands in attempts, as
    // before this step, or there was none.
    private const string Sql = """
        ALTER TABLE deliveries ADD COLUMN last_recorded INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_generation INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_number INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_endpoint_version INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_outcome INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_retry_after_ms INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_duration_us INTEGER;
        ALTER TABLE deliveries ADD COLUMN last_excerpt BLOB;
        """;

    public static SchemaStep Step { get; } = new("the last attempt in its delivery's row", Sql);
}
