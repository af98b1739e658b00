using System.Globalization;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Takes backups of a data directory, beside the server that owns it or without one: it reads only,
/// one state of the database, and writes a plain file that is whole or not there.
/// </summary>
public static class SqliteBackup
{
    /// <summary>A draft that nothing has written to for so long was left behind by a killed backup.</summary>
    private static readonly TimeSpan s_draftAgeMax = TimeSpan.FromHours(12);

    /// <summary>
    /// Takes a backup. Every event that was answered 201 before the call is in it. The file is mode
    /// 0600, verified, and on the disk when this returns.
    /// </summary>
    /// <exception cref="BackupException">It cannot be done; nothing is left behind.</exception>
    /// <exception cref="DamagedDatabaseException">The database is damaged; the copy is not kept.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left behind.</exception>
    public static BackupReport Take(
        BackupRequest request,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var asOf = time.GetUtcNow();
        var directory = Path.GetFullPath(request.DataDirectory);
        var source = Path.Combine(directory, DataDirectory.DatabaseName);
        if (!File.Exists(source))
        {
            throw new BackupException(
                $"There is no database in {directory}. Give the server's own directory with --data."
            );
        }

        var target = Resolve(request, asOf);
        DeleteOldDrafts(Path.GetDirectoryName(target)!, asOf);
        using var draft = Draft.Create(target);
        var (readFor, walBytes) = Copy(request, source, draft, cancellationToken);
        var made = draft.Path;
        using var compact = request.Compact ? Draft.Create(target) : null;
        if (compact is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DatabaseFile.Compact(draft.Path, compact.Path);
            made = compact.Path;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var summary = DatabaseFile.Verify(made);
        cancellationToken.ThrowIfCancellationRequested();
        (compact ?? draft).Keep(target, request.Overwrite);
        return new BackupReport(target, asOf, readFor, walBytes, summary);
    }

    /// <summary>The file to make.</summary>
    private static string Resolve(BackupRequest request, DateTimeOffset now)
    {
        var target = Path.GetFullPath(request.Target);
        if (Directory.Exists(target))
        {
            var stamp = now.UtcDateTime.ToString(
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture
            );
            target = Path.Combine(target, $"webhooks-{stamp}.db");
        }
        else if (
            Path.EndsInDirectorySeparator(target)
            || !Directory.Exists(Path.GetDirectoryName(target))
        )
        {
            throw new BackupException(
                $"There is no directory {Path.GetDirectoryName(target)}: make it first."
            );
        }

        if (DataDirectory.IsDatabase(target))
        {
            throw new BackupException($"{target} is the database of a data directory.");
        }

        if (File.Exists(target))
        {
            RequireReplaceable(target, request.Overwrite);
        }

        return target;
    }

    /// <summary>
    /// A slip of the keyboard must not cost what no backup brings back: a master key, or the lock by
    /// which one process owns a directory.
    /// </summary>
    private static void RequireReplaceable(string target, bool overwrite)
    {
        if (!overwrite)
        {
            throw new BackupException(
                $"{target} exists, and is not overwritten without --overwrite."
            );
        }

        if (!DatabaseFile.IsDatabase(target))
        {
            throw new BackupException(
                $"{target} is no backup, and --overwrite replaces nothing else: give another name."
            );
        }
    }

    private static (TimeSpan ReadFor, long WalBytes) Copy(
        BackupRequest request,
        string source,
        Draft draft,
        CancellationToken cancellationToken
    )
    {
        var wal = new WalWatch(
            source + "-wal",
            request.WalBytesMax,
            "allow more with --wal-max-mb"
        );
        var targetDirectory = Path.GetDirectoryName(draft.Path)!;
        using var database = DatabaseFile.Open(source);
        RequireRoom(database, targetDirectory, request.Compact);
        var readFor = DatabaseFile.Copy(
            database,
            draft.Path,
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                wal.RequireRoom();
                if (DatabaseFile.FreeBytes(targetDirectory) < DatabaseFile.DiskFreeBytesMin)
                {
                    throw new BackupException(
                        $"The disk of {targetDirectory} is all but full; the backup was given up."
                    );
                }
            }
        );
        return (readFor, wal.Bytes);
    }

    private static void RequireRoom(Database database, string directory, bool twice)
    {
        var bytes =
            database.ScalarInt64("PRAGMA page_count") * database.ScalarInt64("PRAGMA page_size");
        var needed = (twice ? 2 * bytes : bytes) + DatabaseFile.DiskFreeBytesMin;
        var free = DatabaseFile.FreeBytes(directory);
        if (free < needed)
        {
            throw new BackupException(
                $"The disk of {directory} has {DatabaseFile.Megabytes(free)} free; the backup needs {DatabaseFile.Megabytes(needed)}, {DatabaseFile.Megabytes(DatabaseFile.DiskFreeBytesMin)} of them to spare."
            );
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, who will delete it: a backup that can be taken is worth more.
        }
    }

    private static void DeleteOldDrafts(string directory, DateTimeOffset now)
    {
        foreach (var path in Draft.In(directory))
        {
            if (now.UtcDateTime - File.GetLastWriteTimeUtc(path) > s_draftAgeMax)
            {
                Delete(path);
            }
        }
    }
}
