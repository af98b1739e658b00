namespace WebhookDelivery.Benchmarks;

/// <summary>Whether commits are shared: how many fsyncs of the log an accepted event costs.</summary>
internal sealed class CommitsRatio : IRatio
{
    private const int Connections = 64;

    public RatioTarget Target { get; } =
        new(
            "commits",
            "commits per accepted event, ingest only, 64 connections, an fsync of 2 ms",
            Must: 0.04,
            Aim: 0.032,
            LowerIsBetter: true
        );

    /// <summary>What is accepted is delivered afterwards, which takes about as long.</summary>
    public Effort Effort(RunSettings settings) =>
        new(2 * (1 + settings.Pairs) * settings.LoadSeconds, Events: 0, Starts: 2);

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        using var shim = new FsyncShim(settings, FsyncMode.TwoMilliseconds);
        await using var platform = await Ingesting.StartAsync(
            settings,
            shim.Environment,
            cancellationToken
        );
        await MeasureAsync();

        var pairs = new List<RatioPair>(settings.Pairs);
        for (var i = 0; i < settings.Pairs; i++)
        {
            pairs.Add(await MeasureAsync());
            Report.Pair(progress, i + 1, pairs[i]);
        }

        return new RatioResult(
            Target,
            pairs,
            await platform.SettleAsync(settings, cancellationToken)
        );

        async Task<RatioPair> MeasureAsync()
        {
            var load = platform.Load(settings, Connections);
            var before = shim.Read();
            var report = platform.Count(
                await load.RunAsync(settings.WarmUpSeconds, settings.Seconds, cancellationToken)
            );
            return Pair(load.Figure("server", report), report, shim.Read() - before);
        }
    }

    private static RatioPair Pair(ArmFigure figure, LoadReport report, FsyncCounts syncs)
    {
        if (syncs.OfLog == 0)
        {
            throw new BrokenRunException("The shim saw no fsync of the log: it is not in effect.");
        }

        // Over the whole run, warm-up included: the counters cannot be read within a request.
        return new RatioPair(
            (double)syncs.OfLog / report.AcceptedTotal,
            [figure],
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["events"] = report.AcceptedTotal,
                ["log fsyncs"] = syncs.OfLog,
                ["other fsyncs"] = syncs.OfOthers,
                ["ms per fsync"] = syncs.Milliseconds / (syncs.OfLog + syncs.OfOthers),
            }
        );
    }
}
