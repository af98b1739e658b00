namespace WebhookDelivery.Sqlite;

/// <summary>
/// A status and the beginning of a body often do not say why a receiver refuses: its headers name the
/// proxy, the content type and what it asks for.
/// </summary>
internal static class AttemptHeaders
{
    // Lines of UTF-8, "Name: value"; null where none were kept, as for all attempts before this step.
    private const string Sql = """
        ALTER TABLE attempts ADD COLUMN headers BLOB;
        ALTER TABLE deliveries ADD COLUMN last_headers BLOB;
        """;

    public static SchemaStep Step { get; } = new("response headers of attempts", Sql);
}
