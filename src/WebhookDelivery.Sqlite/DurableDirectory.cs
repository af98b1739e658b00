using System.ComponentModel;
using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite;

/// <summary>Makes the names in a directory durable: a file's own fsync does not say where it stands.</summary>
internal static partial class DurableDirectory
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Returns when what was created, renamed or removed in the directory would outlive a power cut. Does
    /// nothing on Windows, whose file systems keep a journal of names and offer no such call.
    /// </summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var directory = Open(path, ReadOnly);
        if (directory < 0)
        {
            throw Fault(path);
        }

        try
        {
            if (Sync(directory) != 0)
            {
                throw Fault(path);
            }
        }
        finally
        {
            _ = Close(directory);
        }
    }

    private static IOException Fault(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException(
            $"The directory {path} cannot be made durable: {cause.Message}",
            cause
        );
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
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
