namespace WebhookDelivery.Sqlite;

/// <summary>The data directory, owned by this process until disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    public const string DatabaseName = "webhooks.db";

    private const string LockName = "lock";

    /// <summary>
    /// A file that is there while a database is being replaced, and names the folder that takes it.
    /// </summary>
    private const string UnfinishedRestoreName = "restore-unfinished";

    private static readonly string[] s_databaseEndings = ["", "-wal", "-shm", "-journal"];

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public string DatabasePath => System.IO.Path.Combine(Path, DatabaseName);

    public string WalPath => DatabasePath + "-wal";

    private string UnfinishedRestorePath => System.IO.Path.Combine(Path, UnfinishedRestoreName);

    /// <summary>Takes the directory, making it if need be.</summary>
    /// <exception cref="InvalidOperationException">Another process has it, or it is a file.</exception>
    public static DataDirectory Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new InvalidOperationException(
                $"The data directory {full} is a file: name a directory."
            );
        }

        Create(full);
        try
        {
            // The operating system lets go when the process ends, however it ends.
            return new DataDirectory(
                full,
                new FileStream(
                    System.IO.Path.Combine(full, LockName),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            );
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidOperationException(
                $"The data directory {full} cannot be written: this user may not create or change files in it.",
                exception
            );
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            throw new InvalidOperationException(
                $"The data directory {full} is in use by another process. One process owns it: stop the other one, or give this one a directory of its own.",
                exception
            );
        }
    }

    /// <summary>Whether a file is the database of some data directory, or its log.</summary>
    public static bool IsDatabase(string path) =>
        System.IO.Path.GetFileName(path).StartsWith(DatabaseName, StringComparison.Ordinal)
        && File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, LockName));

    /// <summary>Makes a directory that its owner alone can read.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(
                path,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }
    }

    /// <summary>EAGAIN of Linux, EWOULDBLOCK of macOS, or ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsSharingViolation(IOException exception) =>
        (exception.HResult & 0xffff) is 11 or 35 or 32;

    /// <summary>
    /// Makes the database's file, empty and its owner's alone, where there is none: SQLite would make
    /// it by the umask, and gives its log the file's own mode.
    /// </summary>
    public void CreateDatabaseFile()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(DatabasePath))
        {
            DurableFiles.Create(DatabasePath);
        }
    }

    /// <summary>
    /// What there is of a database: its file, which comes first, its log and what SQLite keeps beside
    /// them.
    /// </summary>
    public IReadOnlyList<string> DatabaseFiles() =>
        [.. s_databaseEndings.Select(ending => DatabasePath + ending).Where(File.Exists)];

    /// <summary>Whether a restore ended in the middle, so that what is here may not belong together.</summary>
    public bool HasUnfinishedRestore => File.Exists(UnfinishedRestorePath);

    /// <summary>The folder that an unfinished restore puts aside into; null if it had not begun to.</summary>
    public string? UnfinishedRestoreAside()
    {
        if (!HasUnfinishedRestore)
        {
            return null;
        }

        var aside = System.IO.Path.Combine(Path, File.ReadAllText(UnfinishedRestorePath));
        return System.IO.Path.GetDirectoryName(aside) == Path && Directory.Exists(aside)
            ? aside
            : null;
    }

    /// <summary>Says that a restore is under way, and into which folder, for good.</summary>
    public void MarkUnfinishedRestore(string aside)
    {
        File.WriteAllText(UnfinishedRestorePath, System.IO.Path.GetFileName(aside));
        DurableFiles.Flush(UnfinishedRestorePath);
        DurableFiles.FlushDirectory(Path);
    }

    public void ClearUnfinishedRestore()
    {
        File.Delete(UnfinishedRestorePath);
        DurableFiles.FlushDirectory(Path);
    }

    public long FreeBytes() => new DriveInfo(Path).AvailableFreeSpace;

    public long WalBytes() =>
        new FileInfo(WalPath) is { Exists: true, Length: var length } ? length : 0;

    public void Dispose() => _lock.Dispose();
}
