using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>
    /// Has the disk take what was created, renamed or deleted in a directory: a file's own fsync does not
    /// say where it stands. Does nothing on Windows, whose file systems keep names by themselves.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be opened, or the disk refuses.</exception>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // .NET opens no directories.
        const int ReadOnly = 0;
        using var handle = new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException(
                $"The directory {path} cannot be opened: error {Marshal.GetLastPInvokeError()}."
            );
        }

        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport(
        "libc",
        EntryPoint = "open",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
