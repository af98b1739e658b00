using System.Diagnostics;

namespace WebhookDelivery.Sqlite;

/// <summary>Copies databases as whole files, and looks into them.</summary>
internal static class DatabaseFile
{
    /// <summary>Room that a copy leaves on its disk: where it is the server's, outcomes need it.</summary>
    public const long DiskFreeBytesMin = 128L * 1024 * 1024;

    /// <summary>8 MB: some 10 ms of copying, after which the surroundings are looked at.</summary>
    private const int StepPages = 2048;

    /// <summary>Where a file's header says whether a write-ahead log belongs to it.</summary>
    /// <remarks>https://sqlite.org/fileformat2.html, "file format version numbers".</remarks>
    private const int VersionOffset = 18;

    /// <summary>With what each database begins.</summary>
    /// <remarks>https://sqlite.org/fileformat2.html, "magic header string".</remarks>
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    private static readonly TimeSpan s_busyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether a file that exists begins as a database does.</summary>
    /// <exception cref="BackupException">It cannot be read.</exception>
    public static bool IsDatabase(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            Span<byte> head = stackalloc byte[Magic.Length];
            return RandomAccess.Read(file, head, 0) == head.Length && head.SequenceEqual(Magic);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Opens one for reading, in a transaction: one unchanging state of it.</summary>
    /// <exception cref="BackupException">It cannot be read, or is no database of the engine.</exception>
    /// <exception cref="DamagedDatabaseException">Its schema cannot be read.</exception>
    public static Database Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new BackupException($"There is no file {path}.");
        }

        Database? database = null;
        try
        {
            database = Database.Open(path, readOnly: true, s_busyTimeout);
            database.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192; BEGIN");
            if (Schema.Find(database, path) == 0)
            {
                throw new BackupException($"{path} is empty: no server has ever used it.");
            }

            return database;
        }
        catch (SqliteException exception)
        {
            database?.Dispose();
            throw (exception.Code & 0xff) == SqliteNative.Corrupt
                ? new DamagedDatabaseException($"{path} is damaged: {exception.Message}")
                : new BackupException(
                    $"{path} cannot be read as a database: {exception.Message}",
                    exception
                );
        }
        catch (InvalidOperationException exception)
        {
            database?.Dispose();
            throw new BackupException(exception.Message, exception);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Copies what an open database holds into an empty file, to be one plain file: no log belongs to
    /// it. The disk has it when this returns.
    /// </summary>
    /// <param name="source">In its transaction, which ends here.</param>
    /// <param name="target">The file, which exists and is empty.</param>
    /// <param name="look">Called after each piece; throws to end the copy.</param>
    /// <returns>How long the transaction was needed.</returns>
    /// <exception cref="BackupException">The target cannot be written.</exception>
    /// <exception cref="DamagedDatabaseException">The source cannot be read.</exception>
    public static TimeSpan Copy(Database source, string target, Action look)
    {
        var began = Stopwatch.GetTimestamp();
        TimeSpan took;
        try
        {
            using (var copy = Database.Open(target, readOnly: false, s_busyTimeout))
            {
                // Only whole files are kept, so there is nothing to roll back to.
                copy.Execute(
                    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192"
                );
                using var pages = new PageCopy(source, copy);
                while (pages.Step(StepPages))
                {
                    look();
                }
            }

            source.Execute("ROLLBACK");
            took = Stopwatch.GetElapsedTime(began);
        }
        catch (SqliteException exception)
        {
            throw Translate(exception, target);
        }

        MakePlain(target);
        DurableFiles.Flush(target);
        return took;
    }

    /// <summary>Writes a database anew, without its free pages.</summary>
    /// <exception cref="BackupException">The target cannot be written.</exception>
    public static void Compact(string path, string target)
    {
        using var database = Database.Open(path, readOnly: true, s_busyTimeout);
        try
        {
            database.Prepare("VACUUM INTO ?1").Bind(target).Run();
        }
        catch (SqliteException exception)
        {
            throw Translate(exception, target);
        }

        DurableFiles.Flush(target);
    }

    /// <summary>Reads all of a database: that each page is what it should be, and what they hold.</summary>
    /// <exception cref="DamagedDatabaseException">A page is not.</exception>
    public static DatabaseSummary Verify(string path)
    {
        using var database = Open(path);
        try
        {
            var faults = Faults(database, "PRAGMA quick_check(10)");
            return faults.Count == 0
                ? DatabaseSummary.Read(database, path)
                : throw new DamagedDatabaseException(
                    $"{path} is damaged: {string.Join("; ", faults)}"
                );
        }
        catch (SqliteException exception)
        {
            throw new DamagedDatabaseException($"{path} is damaged: {exception.Message}");
        }
    }

    /// <summary>What a check of SQLite's own finds; nothing if all is well.</summary>
    public static List<string> Faults(Database database, string pragma)
    {
        var found = new List<string>();
        using var rows = database.Prepare(pragma).Query();
        while (rows.Step())
        {
            found.AddRange(rows.Text(0).Split('\n'));
        }

        return found is ["ok"] ? [] : found;
    }

    /// <summary>How many bytes a directory's disk has to spare.</summary>
    public static long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    public static string Megabytes(long bytes) => $"{bytes / 1_000_000.0:0.#} MB";

    private static Exception Translate(SqliteException exception, string target) =>
        exception.IsDamage
            ? new DamagedDatabaseException($"The database is damaged: {exception.Message}")
            : new BackupException($"Copying to {target} failed: {exception.Message}", exception);

    /// <summary>Pages copied from a database that has a log say that it has one; the copy has none.</summary>
    private static void MakePlain(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, [1, 1], VersionOffset);
    }
}
