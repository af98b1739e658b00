namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Whether one tenant's hung endpoint slows another's deliveries: the 99th percentile from post to
/// receipt beside a hung tenant with a backlog, and without.
/// </summary>
internal sealed class LatencyRatio : IRatio
{
    private const string Healthy = "healthy";
    private const string Hung = "hung";

    public RatioTarget Target { get; } =
        new(
            "latency",
            $"p99 from post to receipt, {LatencyRun.PerSecond}/s,"
                + " another tenant hung and 100,000 queued ÷ alone",
            Must: 1.5,
            Aim: 1.2,
            LowerIsBetter: true
        );

    public Effort Effort(RunSettings settings) =>
        new(
            2 * settings.Pairs * LatencyTimes.Of(settings).End,
            settings.Backlog,
            Starts: 2 + 2 * settings.Pairs
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        var times = LatencyTimes.Of(settings);
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        using var alone = await StageAsync(queued: 0);
        using var beside = await StageAsync(settings.Backlog);
        await tally.PaceAsync(beside[Hung].Setup.Receiver(1), Receiver.Never, cancellationToken);

        var account = new Account();
        var pairs = await Alternately.RunAsync(
            settings.Pairs,
            () => MeasureAsync(beside, "beside"),
            () => MeasureAsync(alone, "alone"),
            Pair,
            progress
        );
        return new RatioResult(Target, pairs, account);

        Task<Stage> StageAsync(int queued) =>
            Stage.BuildAsync(
                settings,
                tally,
                [
                    new StageTenant(Healthy, Endpoints: 1, Queued: 0),
                    new StageTenant(Hung, Endpoints: 1, queued)
                    {
                        TimeoutSeconds = times.TimeoutSeconds,
                    },
                ],
                cancellationToken
            );

        async Task<LatencyFigures> MeasureAsync(Stage stage, string arm)
        {
            var run = new LatencyRun(settings, tally, stage[Healthy], times);
            var (figures, ledger) = await run.MeasureAsync(stage, cancellationToken);
            account.EnterPair(arm, ledger);
            return figures;
        }
    }

    /// <summary>Judged by the worse of the two times: a platform must be good at both.</summary>
    private static RatioPair Pair(LatencyFigures beside, LatencyFigures alone)
    {
        var taken = beside.TakenP99 / alone.TakenP99;
        var open = beside.OpenP99 / alone.OpenP99;
        return new RatioPair(
            Math.Max(taken, open),
            [],
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["slots taken"] = taken,
                ["breaker open"] = open,
                ["ms beside, slots taken"] = beside.TakenP99,
                ["ms alone, same time"] = alone.TakenP99,
                ["ms beside, breaker open"] = beside.OpenP99,
                ["ms alone, same age"] = alone.OpenP99,
                ["p50 ms beside"] = beside.P50,
                ["p50 ms alone"] = alone.P50,
                ["samples"] = Math.Min(beside.Samples, alone.Samples),
                ["CPU ms per delivery beside"] = beside.CpuMilliseconds,
                ["CPU ms per delivery alone"] = alone.CpuMilliseconds,
            }
        );
    }
}
