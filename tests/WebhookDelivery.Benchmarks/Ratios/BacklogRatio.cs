namespace WebhookDelivery.Benchmarks;

/// <summary>Whether a long backlog is delivered as fast as a short one.</summary>
internal sealed class BacklogRatio : IRatio
{
    public RatioTarget Target { get; } =
        new(
            "backlog",
            "delivered per second with 1,000,000 queued ÷ with 50,000",
            Must: 0.90,
            Aim: 0.97
        );

    /// <summary>A pair is over in seconds, and one hiccup of the machine is a good part of it.</summary>
    private const int PairsFactor = 3;

    /// <summary>Of each backlog as much is delivered as the shorter one has to its last fifth.</summary>
    public Effort Effort(RunSettings settings)
    {
        var few = settings.Backlog / 2;
        var queued = few + (long)Backlogs.Large(settings);
        var delivered = 2L * PairsFactor * settings.Pairs * few * 4 / 5;
        return new Effort(
            Seconds: 0,
            queued + delivered,
            Starts: 2 + 2 * PairsFactor * settings.Pairs
        );
    }

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        var few = settings.Backlog / 2;
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        using var small = await Backlogs.StageAsync(settings, tally, few, cancellationToken);
        using var large = await Backlogs.StageAsync(
            settings,
            tally,
            Backlogs.Large(settings),
            cancellationToken
        );
        await progress.WriteLineAsync(
            $"  {large.Queued} queued at {large.FilledPerSecond:0} per second"
        );
        var account = new Account();
        var pairs = await Alternately.RunAsync(
            settings.Pairs * PairsFactor,
            () => MeasureAsync(large, "long"),
            () => MeasureAsync(small, "short"),
            RatioPair.Of,
            progress
        );
        return new RatioResult(Target, pairs, account);

        async Task<ArmFigure> MeasureAsync(Stage stage, string arm)
        {
            await using var server = await StagedServer.StartAsync(
                settings,
                stage,
                tally,
                Backlogs.Environment,
                cancellationToken
            );

            // The same number from the same point on, so that both arms' JIT has come equally far.
            var figure = await Backlogs.DeliverAsync(
                tally,
                server.Pid,
                arm,
                from: few / 5,
                to: few * 4L / 5,
                cancellationToken
            );
            account.EnterPair(arm, await server.CloseAsync(_ => true, cancellationToken));
            return figure;
        }
    }
}
