using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite;

/// <summary>Makes what was done to files outlast a power failure, as far as SQLite does not.</summary>
internal static partial class DurableFiles
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes an empty file that its owner alone may read and write.</summary>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public static void Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        new FileStream(path, options).Dispose();
    }

    /// <summary>Has the disk take a file's content.</summary>
    /// <remarks>Never on a file that SQLite has open: closing it would drop SQLite's locks.</remarks>
    public static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Has the disk take what was created, renamed or deleted in a directory.</summary>
    /// <exception cref="IOException">It did not.</exception>
    public static void FlushDirectory(string path)
    {
        // Windows has no such call, and its own file system keeps renames in order.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException(
                $"The directory {path} cannot be opened: error {Marshal.GetLastPInvokeError()}."
            );
        }

        try
        {
            if (Flush(descriptor) != 0)
            {
                throw new IOException(
                    $"The directory {path} could not be written to disk: error {Marshal.GetLastPInvokeError()}."
                );
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport(
        "libc",
        EntryPoint = "open",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
