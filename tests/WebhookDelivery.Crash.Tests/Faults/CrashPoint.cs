namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// Where the fault library can end a server, or fail a call; <c>fault-library/faults.h</c> has the same
/// list in the same order.
/// </summary>
internal enum CrashPoint
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>At whichever comes next.</summary>
    Any,

    /// <summary>Before a write to the write-ahead log.</summary>
    LogWrite,

    /// <summary>When half of a write to the log is done.</summary>
    LogTorn,

    /// <summary>After a write to the log, which nothing has synced.</summary>
    LogWritten,

    /// <summary>Before the fsync of the log.</summary>
    LogSync,

    /// <summary>After the fsync of the log, before anybody is told.</summary>
    LogSynced,

    /// <summary>Before a checkpoint's write to the database.</summary>
    CheckpointWrite,

    /// <summary>When half of such a write is done.</summary>
    CheckpointTorn,

    /// <summary>Before the fsync of the database.</summary>
    CheckpointSync,

    /// <summary>After it, before the log begins anew.</summary>
    CheckpointSynced,

    /// <summary>Before a 201 is sent.</summary>
    AnswerSend,

    /// <summary>After a 201 was sent.</summary>
    AnswerSent,

    /// <summary>After a request to a receiver was sent.</summary>
    RequestSent,

    /// <summary>After a receiver's 2xx was read, before anything is recorded.</summary>
    ResponseRead,

    /// <summary>Before a page of the database is read.</summary>
    DatabaseRead,

    /// <summary>Before the draft of the key file is made.</summary>
    KeyCreate,

    /// <summary>Before the key is written.</summary>
    KeyWrite,

    /// <summary>Before the key file is synced.</summary>
    KeySync,

    /// <summary>Before the draft becomes the key file.</summary>
    KeyRename,

    /// <summary>After that.</summary>
    KeyRenamed,

    /// <summary>Before a stop deletes the log.</summary>
    LogUnlink,

    /// <summary>After that.</summary>
    LogUnlinked,

    /// <summary>Before the directory's names are synced.</summary>
    DirectorySync,
}
