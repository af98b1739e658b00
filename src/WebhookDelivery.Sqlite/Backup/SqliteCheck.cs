namespace WebhookDelivery.Sqlite;

/// <summary>
/// Looks for damage in a database: that each page and each index is what SQLite expects, and each row
/// what the engine does. It repairs nothing.
/// </summary>
public static class SqliteCheck
{
    /// <summary>Checks a backup, or the database of a data directory, in use or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="walBytesMax">
    /// Size of a running server's write-ahead log at which to give up; see
    /// <see cref="BackupRequest.WalBytesMax"/>.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It cannot be read, or the log has grown too long.</exception>
    public static CheckReport Run(
        string path,
        long walBytesMax,
        CancellationToken cancellationToken
    )
    {
        var full = Path.GetFullPath(path);
        var wal = new WalWatch(full + "-wal", walBytesMax, "check a backup instead with --file");
        wal.RequireRoom();
        using var database = DatabaseFile.Open(full);
        using var cancelling = cancellationToken.Register(database.Interrupt);
        using var watching = wal.Guard(database);
        try
        {
            return Look(database, full);
        }
        catch (SqliteException exception) when ((exception.Code & 0xff) == SqliteNative.Interrupted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            wal.RequireRoom();
            throw;
        }
    }

    private static CheckReport Look(Database database, string path)
    {
        var faults = new List<string>();
        try
        {
            faults.AddRange(DatabaseFile.Faults(database, "PRAGMA integrity_check(20)"));
            faults.AddRange(Invariants.Broken(database));
            return new CheckReport(path, DatabaseSummary.Read(database, path), faults);
        }
        catch (SqliteException exception) when (exception.IsDamage)
        {
            faults.Add(exception.Message);
            return new CheckReport(path, null, faults);
        }
    }
}
