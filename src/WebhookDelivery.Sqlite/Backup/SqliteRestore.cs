using System.Globalization;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Puts a backup into a data directory: copied and verified first, so that it can still be given up,
/// then put in place. It owns the directory until disposed.
/// </summary>
public sealed class SqliteRestore : IDisposable
{
    private readonly DataDirectory _directory;
    private readonly Draft _draft;

    private SqliteRestore(DataDirectory directory, Draft draft, DatabaseSummary summary)
    {
        _directory = directory;
        _draft = draft;
        Summary = summary;
        DataKeys = ReadDataKeys(draft.Path);
    }

    /// <summary>What the backup holds.</summary>
    public DatabaseSummary Summary { get; }

    /// <summary>The data key of each tenant, which the master key must open.</summary>
    public IReadOnlyList<TenantDataKey> DataKeys { get; }

    /// <summary>Copies a backup beside where it is to be, and verifies the copy.</summary>
    /// <param name="from">The backup.</param>
    /// <param name="dataDirectory">Where to put it; made if it does not exist.</param>
    /// <param name="replace">Whether a database that is there may be put aside.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackupException">It cannot be done; nothing has changed.</exception>
    /// <exception cref="DamagedDatabaseException">The backup is damaged; nothing has changed.</exception>
    public static SqliteRestore Begin(
        string from,
        string dataDirectory,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        var backup = Path.GetFullPath(from);
        using var source = DatabaseFile.Open(backup);
        var directory = Take(dataDirectory);
        Draft? draft = null;
        try
        {
            RequirePlace(directory, replace);
            DeleteDrafts(directory);
            draft = Draft.Create(directory.DatabasePath);
            RequireRoom(source, directory);
            DatabaseFile.Copy(source, draft.Path, cancellationToken.ThrowIfCancellationRequested);
            var summary = DatabaseFile.Verify(draft.Path);
            cancellationToken.ThrowIfCancellationRequested();
            return new SqliteRestore(directory, draft, summary);
        }
        catch
        {
            draft?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Puts the copy in place. Interrupted in the middle, it leaves a directory that no server starts
    /// on, and that a further restore puts right.
    /// </summary>
    /// <param name="now">Names what is put aside.</param>
    public RestoreReport Commit(DateTimeOffset now)
    {
        var old = _directory.DatabaseFiles();
        var aside = UnfinishedAside(old);
        if (old.Count > 0)
        {
            aside ??= Aside(now);
            PutAside(old, aside);
        }

        _draft.Keep(_directory.DatabasePath, overwrite: false);
        _directory.ClearUnfinishedRestore();
        return new RestoreReport(_directory.DatabasePath, aside);
    }

    /// <summary>Lets go of the directory; deletes the copy, unless it was put in place.</summary>
    public void Dispose()
    {
        _draft.Dispose();
        _directory.Dispose();
    }

    private static DataDirectory Take(string path)
    {
        try
        {
            return DataDirectory.Take(path);
        }
        catch (InvalidOperationException exception)
        {
            throw new BackupException(exception.Message, exception);
        }
    }

    private static void RequirePlace(DataDirectory directory, bool replace)
    {
        if (
            !replace
            && !directory.HasUnfinishedRestore
            && directory.DatabaseFiles() is [var found, ..]
        )
        {
            throw new BackupException(
                $"{found} exists. Restore into another directory, or have --force put aside what is there."
            );
        }
    }

    private static void RequireRoom(Database source, DataDirectory directory)
    {
        var needed =
            source.ScalarInt64("PRAGMA page_count") * source.ScalarInt64("PRAGMA page_size")
            + DatabaseFile.DiskFreeBytesMin;
        if (directory.FreeBytes() is var free && free < needed)
        {
            throw new BackupException(
                $"The disk of {directory.Path} has {DatabaseFile.Megabytes(free)} free; the restore needs {DatabaseFile.Megabytes(needed)}."
            );
        }
    }

    private static void DeleteDrafts(DataDirectory directory)
    {
        var ours = directory.DatabasePath + ".";
        foreach (var path in Draft.In(directory.Path))
        {
            // The directory is ours, so whoever made it is gone; a backup may be writing another one.
            if (path.StartsWith(ours, StringComparison.Ordinal))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>
    /// Where an interrupted restore has put a part of what is to be kept, so that the rest joins it.
    /// The database's own file moves first: where it is here although something was moved, it is the
    /// interrupted restore's, and would mix with the old log.
    /// </summary>
    private string? UnfinishedAside(IReadOnlyList<string> files) =>
        _directory.UnfinishedRestoreAside() is { } aside
        && Directory.EnumerateFiles(aside).Any()
        && !files.Contains(_directory.DatabasePath)
            ? aside
            : null;

    private string Aside(DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString(
            "yyyyMMdd'T'HHmmssfff'Z'",
            CultureInfo.InvariantCulture
        );
        return Path.Combine(_directory.Path, $"replaced-{stamp}");
    }

    /// <summary>A new database with an old log would be no database, so no server may see one.</summary>
    private void PutAside(IReadOnlyList<string> files, string aside)
    {
        DataDirectory.Create(aside);
        _directory.MarkUnfinishedRestore(aside);
        foreach (var file in files)
        {
            File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
        }

        DurableFiles.FlushDirectory(aside);
    }

    private static List<TenantDataKey> ReadDataKeys(string path)
    {
        var found = new List<TenantDataKey>();
        using var database = DatabaseFile.Open(path);

        // As at a start, nothing is held against tenants that are being erased.
        using var rows = database
            .Prepare("SELECT tenant, data_key FROM tenants WHERE deleted_ms IS NULL")
            .Query();
        while (rows.Step())
        {
            found.Add(new TenantDataKey(TenantId.Parse(rows.Text(0)), rows.Bytes(1)));
        }

        return found;
    }
}
