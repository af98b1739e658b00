using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite;

/// <content>Copying a database page by page: https://sqlite.org/c3ref/backup_finish.html.</content>
internal static unsafe partial class SqliteNative
{
    public const int Corrupt = 11;
    public const int Interrupted = 9;

    /// <summary>Zero if it cannot begin; the error is the target's.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_backup_init")]
    public static partial nint BackupInit(
        nint target,
        byte* targetName,
        nint source,
        byte* sourceName
    );

    [LibraryImport(Library, EntryPoint = "sqlite3_backup_step")]
    public static partial int BackupStep(nint backup, int pages);

    [LibraryImport(Library, EntryPoint = "sqlite3_backup_finish")]
    public static partial int BackupFinish(nint backup);

    /// <summary>Ends what runs on the connection with <see cref="Interrupted"/>; any thread may call it.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_interrupt")]
    public static partial void Interrupt(nint database);
}
