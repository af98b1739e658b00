namespace WebhookDelivery.Sqlite;

/// <summary>The data directory, owned by this process until disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public string DatabasePath => System.IO.Path.Combine(Path, "webhooks.db");

    public string WalPath => DatabasePath + "-wal";

    /// <summary>Takes the directory, making it if need be.</summary>
    /// <exception cref="InvalidOperationException">Another process has it.</exception>
    public static DataDirectory Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        Create(full);
        try
        {
            // The operating system lets go when the process ends, however it ends.
            return new DataDirectory(
                full,
                new FileStream(
                    System.IO.Path.Combine(full, "lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                )
            );
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"The data directory {full} is in use by another process. One process owns it: stop the other one, or give this one a directory of its own.",
                exception
            );
        }
    }

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

    public long FreeBytes() => new DriveInfo(Path).AvailableFreeSpace;

    public long WalBytes() =>
        new FileInfo(WalPath) is { Exists: true, Length: var length } ? length : 0;

    public void Dispose() => _lock.Dispose();
}
