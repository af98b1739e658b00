namespace WebhookDelivery.Benchmarks;

/// <summary>What the shim has counted.</summary>
/// <param name="OfLog">Syncs of SQLite's write-ahead log: one for each commit, and one for each checkpoint.</param>
/// <param name="OfOthers">Syncs of every other file: those of the database at checkpoints.</param>
/// <param name="Milliseconds">The time that all of them took.</param>
internal readonly record struct FsyncCounts(long OfLog, long OfOthers, double Milliseconds)
{
    public static FsyncCounts operator -(FsyncCounts left, FsyncCounts right) =>
        new(
            left.OfLog - right.OfLog,
            left.OfOthers - right.OfOthers,
            left.Milliseconds - right.Milliseconds
        );
}
