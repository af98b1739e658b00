namespace WebhookDelivery.Sqlite;

/// <summary>
/// An fsync that failed may have dropped what it was to force to the disk, and the next one succeeds
/// without it. A checkpoint goes on from where it was, so that pages of it would be missing for good once
/// the log is begun anew. Whoever starts again replays the whole log, which lacks nothing: so the process
/// ends, without closing the database, which would be one more checkpoint.
/// </summary>
/// <remarks>https://lwn.net/Articles/752063/ tells the story of the kernel's side.</remarks>
internal static class LostWrites
{
    /// <summary>Ends the process if a checkpoint's result code says that an fsync failed.</summary>
    public static void EndIfAny(int code)
    {
        if (code is SqliteNative.IoErrFsync or SqliteNative.IoErrDirectoryFsync)
        {
            Environment.FailFast(
                $"The disk did not keep what a checkpoint wrote (SQLite error {code}). The write-ahead log is whole: start the server again, and it is replayed. Look at the disk first."
            );
        }
    }
}
