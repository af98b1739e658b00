namespace WebhookDelivery.Benchmarks;

/// <summary>What events cost the server's process on one path.</summary>
/// <param name="Path">Which: ingest or drain.</param>
/// <param name="Events">How many were counted.</param>
/// <param name="Counts">What was counted of them.</param>
/// <param name="SampledEvents">How many more went by while allocations were sampled.</param>
/// <param name="AllocatedBytes">Their managed bytes, estimated, by type.</param>
/// <param name="TracedEvents">How many more went by while system calls were counted.</param>
/// <param name="Syscalls">Their system calls, by name.</param>
internal sealed record PathCost(
    string Path,
    long Events,
    ServerCounts Counts,
    long SampledEvents,
    IReadOnlyDictionary<string, double> AllocatedBytes,
    long TracedEvents,
    IReadOnlyDictionary<string, long> Syscalls
)
{
    public double PerEvent(double count) => count / Events;

    public double SyscallsPerEvent(string name) =>
        (double)Syscalls.GetValueOrDefault(name) / TracedEvents;
}
