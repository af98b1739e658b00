namespace WebhookDelivery.Benchmarks;

/// <summary>What one arm did in one pair.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Concurrency">Connections, or requests in flight.</param>
/// <param name="PerSecond">Its throughput.</param>
/// <param name="PerCpuSecond">The same work per CPU-second of all the arm's own processes.</param>
internal sealed record ArmFigure(string Arm, int Concurrency, double PerSecond, double PerCpuSecond)
{
    /// <summary>What a sender came to as the sink saw it.</summary>
    /// <exception cref="BrokenRunException">It saw too little for a rate.</exception>
    public static ArmFigure Of(string arm, int concurrency, SinkReport report) =>
        report.WindowEvents == 0
            ? throw new BrokenRunException($"The sink saw {report.Distinct} events of {arm} only.")
            : new ArmFigure(
                arm,
                concurrency,
                report.WindowEvents / report.WindowSeconds,
                report.WindowEvents / (report.WindowCpuSeconds + report.WindowHelperCpuSeconds)
            );

    /// <summary>Other figures of the arm, by name; none unless set.</summary>
    public IReadOnlyDictionary<string, double> Notes { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
