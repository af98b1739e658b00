using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The functions of SQLite's C interface that the engine calls, on bare handles: counting references
/// around every call would cost the writer a good part of the call. What keeps a handle from being
/// used after its end: a closed <see cref="Database"/> refuses to prepare, and a <see cref="Statement"/>
/// holds zero then, which SQLite refuses to step. Source: https://sqlite.org/c3ref/funclist.html.
/// </summary>
/// <remarks>
/// Functions that neither wait nor allocate nor read pages leave out the transition that lets the
/// garbage collector run beside them.
/// </remarks>
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;
    public const int Perm = 3;
    public const int Abort = 4;
    public const int Busy = 5;
    public const int Locked = 6;
    public const int NoMem = 7;
    public const int ReadOnly = 8;
    public const int IoErr = 10;
    public const int Full = 13;
    public const int CantOpen = 14;
    public const int Protocol = 15;
    public const int NotADb = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int IoErrFsync = IoErr | (4 << 8);
    public const int IoErrDirectoryFsync = IoErr | (5 << 8);

    /// <summary>Copies what it can without keeping anybody from reading or writing.</summary>
    public const int CheckpointPassive = 0;

    public const int OpenReadOnly = 0x1;
    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;
    public const int OpenNoMutex = 0x8000;

    public const int PreparePersistent = 0x1;

    public const int NullType = 5;

    /// <summary>The bound memory stays as it is until it is bound anew.</summary>
    public const nint Static = 0;

    /// <summary>SQLite copies the bound memory.</summary>
    public const nint Transient = -1;

    private const string Library = "e_sqlite3";

    [LibraryImport(
        Library,
        EntryPoint = "sqlite3_open_v2",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial int Open(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_result_codes")]
    public static partial int ExtendedResultCodes(nint database, int on);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_timeout")]
    public static partial int BusyTimeout(nint database, int milliseconds);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_errcode")]
    public static partial int ExtendedErrorCode(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    public static partial byte* ErrorMessage(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_get_autocommit")]
    [SuppressGCTransition]
    public static partial int Autocommit(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_changes")]
    [SuppressGCTransition]
    public static partial int Changes(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_last_insert_rowid")]
    [SuppressGCTransition]
    public static partial long LastInsertRowId(nint database);

    /// <summary>Takes the place of SQLite's own checkpoints, which tell nobody when they fail.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_wal_hook")]
    public static partial nint OnLogCommit(
        nint database,
        delegate* unmanaged[Cdecl]<int*, nint, byte*, int, int> hook,
        int* context
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_checkpoint_v2")]
    public static partial int Checkpoint(
        nint database,
        byte* schema,
        int mode,
        out int logFrames,
        out int copiedFrames
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(
        nint database,
        byte* sql,
        int bytes,
        uint flags,
        out nint statement,
        out byte* rest
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finish(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_clear_bindings")]
    public static partial int ClearBindings(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_parameter_count")]
    public static partial int ParameterCount(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInt64(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    /// <summary>For memory that is the statement's own (<see cref="Static"/>): nothing is copied.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    [SuppressGCTransition]
    public static partial int BindOwnBlob(
        nint statement,
        int index,
        byte* blob,
        int bytes,
        nint destructor
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(
        nint statement,
        int index,
        byte* blob,
        int bytes,
        nint destructor
    );

    /// <inheritdoc cref="BindOwnBlob"/>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    [SuppressGCTransition]
    public static partial int BindOwnText(
        nint statement,
        int index,
        byte* text,
        int bytes,
        nint destructor
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(
        nint statement,
        int index,
        byte* text,
        int bytes,
        nint destructor
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    public static partial byte* ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);
}
