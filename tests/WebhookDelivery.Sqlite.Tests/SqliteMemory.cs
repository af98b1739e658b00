using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What SQLite allocates in this process.</summary>
internal static class SqliteMemory
{
    /// <summary>The most bytes it held at once since the last reset.</summary>
    public static long MostBytes(bool reset) => HighWater(reset ? 1 : 0);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_memory_highwater")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long HighWater(int reset);
}
