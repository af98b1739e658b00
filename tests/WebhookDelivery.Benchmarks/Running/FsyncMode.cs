namespace WebhookDelivery.Benchmarks;

/// <summary>What becomes of the fsyncs of a process.</summary>
internal enum FsyncMode
{
    /// <summary>The process is left alone.</summary>
    Untouched,

    /// <summary>Each is the disk's own, and counted.</summary>
    Counted,

    /// <summary>Each takes 2 ms, what it takes on a good disk that tells the truth, and is counted.</summary>
    TwoMilliseconds,
}
