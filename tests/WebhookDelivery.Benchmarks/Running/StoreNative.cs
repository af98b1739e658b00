using System.Runtime.InteropServices;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// As much of SQLite's C interface as counting takes; the library is the server's own.
/// Source: https://sqlite.org/c3ref/funclist.html.
/// </summary>
internal static partial class StoreNative
{
    public const int Ok = 0;
    public const int Row = 100;
    public const int OpenReadOnly = 0x1;

    private const string Library = "e_sqlite3";

    [LibraryImport(
        Library,
        EntryPoint = "sqlite3_open_v2",
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int Open(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_timeout")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int BusyTimeout(nint database, int milliseconds);

    [LibraryImport(
        Library,
        EntryPoint = "sqlite3_prepare_v2",
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int Prepare(
        nint database,
        string sql,
        int bytes,
        out nint statement,
        nint rest
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial long Int64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    public static partial int Finish(nint statement);
}
