using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>What a database holds, in numbers.</summary>
public sealed record DatabaseSummary
{
    /// <summary>The schema's version.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Size of its pages, free ones included, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of pages that are free: deleting leaves them, and new rows take them.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Tenants, those being erased included.</summary>
    public required long Tenants { get; init; }

    /// <summary>Endpoints, without those deleted.</summary>
    public required long Endpoints { get; init; }

    /// <summary>Events.</summary>
    public required long Events { get; init; }

    /// <summary>When the last event was stored; null if there is none.</summary>
    public required DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Deliveries by status; no entry for a status that none has.</summary>
    public required IReadOnlyDictionary<DeliveryStatus, long> Deliveries { get; init; }

    internal static DatabaseSummary Read(Database database, string path) =>
        new()
        {
            SchemaVersion = Schema.Find(database, path),
            Bytes =
                database.ScalarInt64("PRAGMA page_count")
                * database.ScalarInt64("PRAGMA page_size"),
            FreeBytes =
                database.ScalarInt64("PRAGMA freelist_count")
                * database.ScalarInt64("PRAGMA page_size"),
            Tenants = database.ScalarInt64("SELECT COUNT(*) FROM tenants"),
            Endpoints = database.ScalarInt64(
                "SELECT COUNT(*) FROM endpoints WHERE deleted_ms IS NULL"
            ),
            Events = database.ScalarInt64("SELECT COUNT(*) FROM events"),
            LastEventAt = ReadLast(database),
            Deliveries = ReadDeliveries(database),
        };

    private static DateTimeOffset? ReadLast(Database database)
    {
        using var rows = database
            .Prepare("SELECT created_ms FROM events ORDER BY seq DESC LIMIT 1")
            .Query();
        return rows.Step() ? rows.Time(0) : null;
    }

    private static Dictionary<DeliveryStatus, long> ReadDeliveries(Database database)
    {
        var found = new Dictionary<DeliveryStatus, long>();
        using var rows = database
            .Prepare("SELECT status, COUNT(*) FROM deliveries GROUP BY status ORDER BY status")
            .Query();
        while (rows.Step())
        {
            found.Add((DeliveryStatus)rows.Int32(0), rows.Int64(1));
        }

        return found;
    }
}
