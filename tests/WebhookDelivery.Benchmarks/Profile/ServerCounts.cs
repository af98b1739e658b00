namespace WebhookDelivery.Benchmarks;

/// <summary>What has been counted of a server's process since it started.</summary>
/// <param name="Runtime">By the runtime.</param>
/// <param name="Cpu">By the kernel: CPU time.</param>
/// <param name="ContextSwitches">By the kernel: how often a thread gave its core away to wait.</param>
/// <param name="Syncs">By the preloaded library.</param>
internal readonly record struct ServerCounts(
    RuntimeCounts Runtime,
    CpuTimes Cpu,
    long ContextSwitches,
    FsyncCounts Syncs
)
{
    public static ServerCounts operator -(ServerCounts left, ServerCounts right) =>
        new(
            left.Runtime - right.Runtime,
            left.Cpu - right.Cpu,
            left.ContextSwitches - right.ContextSwitches,
            left.Syncs - right.Syncs
        );
}
