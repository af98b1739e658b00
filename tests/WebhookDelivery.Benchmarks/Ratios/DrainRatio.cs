namespace WebhookDelivery.Benchmarks;

/// <summary>What the store, the dispatcher and the guards cost: draining beside a loop that only sends.</summary>
/// <param name="fsync">What an fsync of the server takes; the loop has none.</param>
internal sealed class DrainRatio(FsyncMode fsync) : IRatio
{
    public RatioTarget Target { get; } =
        new RatioTarget(
            "drain",
            "delivered per second from a backlog, one endpoint, 64 in flight ÷ a signing loop of 64",
            Must: 0.45,
            Aim: 0.60
        ).At(fsync);

    public Effort Effort(RunSettings settings) =>
        new(
            Seconds: 0,
            (1 + 2L * settings.Pairs) * settings.Backlog,
            Starts: 1 + 2 * settings.Pairs
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        using var shim = new FsyncShim(settings, fsync);
        await using var backlog = await Ingesting.StartAsync(settings, [], cancellationToken);
        await backlog.FillAsync(settings, cancellationToken);

        var account = new Account();
        account.Enter("backlog", Ledger.Empty with { Refused = backlog.Refused });
        var pairs = await Alternately.RunAsync(
            settings.Pairs,
            MeasureAsync,
            MeasureLoopAsync,
            RatioPair.Of,
            progress
        );
        return new RatioResult(Target, pairs, account);

        Task<ArmFigure> MeasureAsync() =>
            Draining.MeasureAsync(settings, backlog, shim, account, cancellationToken);

        async Task<ArmFigure> MeasureLoopAsync()
        {
            var (report, sent) = await LoopAsync(settings, backlog, cancellationToken);
            account.EnterPair("loop", sent);
            return ArmFigure.Of("loop", Draining.InFlight, report);
        }
    }

    private static async Task<(SinkReport Report, Ledger Ledger)> LoopAsync(
        RunSettings settings,
        Ingesting backlog,
        CancellationToken cancellationToken
    )
    {
        await using var loop = ArmProcess.Start(
            settings,
            "loop",
            "--target",
            backlog.Sink.Target.AbsoluteUri,
            "--count",
            $"{backlog.Accepted}",
            "--in-flight",
            $"{Draining.InFlight}"
        );
        await backlog.Sink.ExpectAsync(settings, backlog.Accepted, loop.Pid, cancellationToken);
        var end = await loop.ReadAsync<LoopReport>(cancellationToken);
        var report = await backlog.Sink.ReportAsync(cancellationToken);
        var duplicates = report.Requests - report.Distinct;
        return (report, new Ledger(end.Sent, report.Distinct, 0, 0, duplicates, end.Refused));
    }
}
