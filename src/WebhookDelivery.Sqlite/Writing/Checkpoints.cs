namespace WebhookDelivery.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database once it is long: on the writer's thread, after the
/// commit that made it so was answered. What keeps it from ending (a reader, a full disk) is left to the
/// next commit; the guard watches the log's size.
/// </summary>
internal sealed class Checkpoints(Database database)
{
    /// <summary>
    /// 16 MB of pages: a checkpoint every few seconds at full speed, and few enough that it is over
    /// within tens of milliseconds.
    /// </summary>
    private const int LogFramesMax = 4000;

    public void AfterCommit()
    {
        if (database.LogFrames >= LogFramesMax)
        {
            LostWrites.EndIfAny(database.Checkpoint());
        }
    }
}
