namespace WebhookDelivery.Sqlite;

/// <summary>
/// How much room there is for new rows: what the disk has free, and pages that deleting has freed
/// within the database's file, which never shrinks. Not thread-safe.
/// </summary>
internal sealed class FreeSpace(DataDirectory directory, SqliteEngineOptions options) : IDisposable
{
    /// <summary>Part of the minimum that must be free on the disk itself, for the write-ahead log.</summary>
    private const int DiskShare = 4;

    private Database? _database;

    public long Bytes()
    {
        var disk = directory.FreeBytes();
        return disk >= options.DiskFreeBytesMin || disk < options.DiskFreeBytesMin / DiskShare
            ? disk
            : disk + ReusableBytes();
    }

    public void Dispose() => _database?.Dispose();

    private long ReusableBytes()
    {
        try
        {
            _database ??= Database.Open(
                directory.DatabasePath,
                readOnly: true,
                options.BusyTimeout
            );
            return _database.ScalarInt64("PRAGMA freelist_count")
                * _database.ScalarInt64("PRAGMA page_size");
        }
        catch (SqliteException)
        {
            // Locked or damaged: then nothing can be counted on.
            return 0;
        }
    }
}
