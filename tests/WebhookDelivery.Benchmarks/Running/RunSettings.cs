namespace WebhookDelivery.Benchmarks;

/// <summary>How to measure: what the command line asks for, where a ratio does not need another.</summary>
/// <param name="ServerAssembly">The server's dll, built in Release.</param>
/// <param name="Scratch">Where data directories go, on a real disk; emptied afterwards.</param>
/// <param name="Shim">The preloaded library that slows fsync down.</param>
/// <param name="Peer">The folder of the peer's scripts, its packages installed.</param>
/// <param name="Pairs">How often the arms alternate.</param>
/// <param name="Seconds">How long each arm of a load is measured.</param>
/// <param name="Backlog">How many events are queued before a drain.</param>
/// <param name="AwsEvents">How many events each workload of <c>aws</c> has.</param>
internal sealed record RunSettings(
    string ServerAssembly,
    string Scratch,
    string Shim,
    string Peer,
    int Pairs,
    double Seconds,
    int Backlog,
    int AwsEvents
)
{
    /// <summary>From which part of a drained backlog on its time counts.</summary>
    public double TimedFrom { get; init; } = 0.05;

    /// <summary>How long load runs before it is measured: for JIT and connections.</summary>
    public double WarmUpSeconds => 1.5;

    /// <summary>How long one load takes, warm-up included.</summary>
    public double LoadSeconds => WarmUpSeconds + Seconds;

    /// <summary>What the servers print.</summary>
    public string ServerLog => Path.Combine(Scratch, "server.log");
}
