using System.Runtime.InteropServices;

namespace WebhookDelivery.Server;

/// <summary>
/// How many connections the server takes at once: a part of the file descriptors that the process may
/// have. Clients could use up all of them otherwise, and a program that has none left is beyond help:
/// .NET then fails to load a type once, and for good.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>What the program itself has open: its assemblies, the database, the log. Some 250.</summary>
    private const ulong Own = 512;

    private const int FilesOnLinux = 7;
    private const int FilesOnMacOS = 8;

    /// <summary>
    /// Half of what is left beside the program's own, for receivers' connections need the other half;
    /// at least 16. Null where the limit is not known, or there is none.
    /// </summary>
    public static long? Connections { get; } = Find() is { } limit ? ConnectionsOf(limit) : null;

    internal static long ConnectionsOf(ulong descriptors) =>
        descriptors > Own + 32 ? (long)((descriptors - Own) / 2) : 16;

    private static ulong? Find()
    {
        var resource =
            OperatingSystem.IsLinux() ? FilesOnLinux
            : OperatingSystem.IsMacOS() ? FilesOnMacOS
            : -1;
        return
            resource >= 0
            && GetLimit(resource, out var limits) == 0
            && limits.Current < long.MaxValue
            ? limits.Current
            : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly ulong Current;
        public readonly ulong Most;
    }
}
