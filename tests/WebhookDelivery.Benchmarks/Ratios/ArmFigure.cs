namespace WebhookDelivery.Benchmarks;

/// <summary>What one arm did in one pair.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Concurrency">Connections, or requests in flight.</param>
/// <param name="PerSecond">Its throughput.</param>
/// <param name="PerCpuSecond">The same work per CPU-second of all the arm's own processes.</param>
internal sealed record ArmFigure(string Arm, int Concurrency, double PerSecond, double PerCpuSecond)
{
    /// <summary>Other figures of the arm, by name; none unless set.</summary>
    public IReadOnlyDictionary<string, double> Notes { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
