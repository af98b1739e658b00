namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Whether memory grows with the backlog: what is alive in the managed heap of a server that delivers
/// to slow receivers, its windows full, once with a long backlog and once with a tenth of it.
/// </summary>
internal sealed class HeapRatio : IRatio
{
    /// <summary>How long a receiver takes to answer: the windows stay full, and few are delivered.</summary>
    private const int AnswerMilliseconds = 500;

    /// <summary>Each server's median stands for it: what is in flight at a moment is chance.</summary>
    private const int Readings = 3;

    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(1);

    public RatioTarget Target { get; } =
        new(
            "heap",
            "live managed heap with 1,000,000 queued less with 100,000",
            Must: 9,
            Aim: 2,
            LowerIsBetter: true,
            Unit: "MB"
        );

    /// <summary>The windows are full after three rounds of slow answers.</summary>
    public Effort Effort(RunSettings settings) =>
        new(
            2
                * settings.Pairs
                * (Readings * BetweenReadings.TotalSeconds + 3 * AnswerMilliseconds / 1000.0),
            settings.Backlog + (long)Backlogs.Large(settings),
            Starts: 2 + 2 * settings.Pairs
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        using var heap = new LiveHeap(settings);
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        foreach (var receiver in Backlogs.Receivers)
        {
            await tally.PaceAsync(receiver, AnswerMilliseconds, cancellationToken);
        }

        using var small = await StageAsync(settings.Backlog);
        using var large = await StageAsync(Backlogs.Large(settings));
        var account = new Account();
        var pairs = await Alternately.RunAsync(
            settings.Pairs,
            () => MeasureAsync(large, "long"),
            () => MeasureAsync(small, "short"),
            Pair,
            progress
        );
        return new RatioResult(Target, pairs, account);

        Task<Stage> StageAsync(int queued) =>
            Backlogs.StageAsync(settings, tally, queued, cancellationToken);

        async Task<double> MeasureAsync(Stage stage, string arm)
        {
            await using var server = await StagedServer.StartAsync(
                settings,
                stage,
                tally,
                heap.Environment,
                cancellationToken
            );

            // By the third round of attempts at once the windows have been filled long ago.
            await tally.UntilAsync(
                seen => seen.Distinct(_ => true) > 3 * Backlogs.InFlight,
                cancellationToken
            );
            var readings = new double[Readings];
            for (var i = 0; i < Readings; i++)
            {
                await Task.Delay(BetweenReadings, cancellationToken);
                readings[i] = await heap.ReadMegabytesAsync(server.Pid, cancellationToken);
            }

            account.EnterPair(arm, await server.CloseAsync(_ => true, cancellationToken));
            return Statistics.Median(readings);
        }
    }

    private static RatioPair Pair(double large, double small) =>
        new(
            large - small,
            [],
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["MB, long backlog"] = large,
                ["MB, a tenth of it"] = small,
            }
        );
}
