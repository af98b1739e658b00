using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Forces a directory's names to the disk. To sync a file keeps its bytes; its name, new or changed,
/// is the directory's, and may be gone after a loss of power.
/// </summary>
internal static partial class DirectorySync
{
    /// <summary>Does so, and returns when it is done. Windows keeps names by itself.</summary>
    /// <exception cref="IOException">The directory cannot be opened, or the disk refuses.</exception>
    public static void Force(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // .NET opens no directories.
        using var handle = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"The directory {path} cannot be opened.");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
