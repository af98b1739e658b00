namespace WebhookDelivery.Benchmarks;

/// <summary>What the store, the dispatcher and the guards cost: draining beside a loop that only sends.</summary>
internal sealed class DrainRatio : IRatio
{
    public RatioTarget Target { get; } =
        new(
            "drain",
            "delivered per second from a backlog, one endpoint, 64 in flight ÷ a signing loop of 64",
            Must: 0.45,
            Aim: 0.60
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        await using var backlog = await Ingesting.StartAsync(settings, [], cancellationToken);
        backlog.Count(
            await backlog.Load(settings, 64).RunAsync(settings.Backlog, cancellationToken)
        );
        await backlog.StopAsync();

        var ledger = Ledger.Empty with { Refused = backlog.Refused };
        var pairs = await Alternation.RunAsync(
            settings.Pairs,
            MeasureAsync,
            MeasureLoopAsync,
            progress
        );
        return new RatioResult(Target, pairs, ledger);

        async Task<ArmFigure> MeasureAsync()
        {
            using var copy = backlog.Data.Copy(settings);
            var drained = await Draining.RunAsync(settings, backlog, copy, cancellationToken);
            ledger += drained.Ledger;
            return Figure("server", drained.Report);
        }

        async Task<ArmFigure> MeasureLoopAsync()
        {
            var (report, sent) = await LoopAsync(settings, backlog, cancellationToken);
            ledger += sent;
            return Figure("loop", report);
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
        await backlog.Sink.ExpectAsync(backlog.Accepted, loop.Pid, cancellationToken);
        var end = await loop.ReadAsync<LoopReport>(cancellationToken);
        var report = await backlog.Sink.ReportAsync(cancellationToken);
        var duplicates = report.Requests - report.Distinct;
        return (report, new Ledger(end.Sent, report.Distinct, 0, 0, duplicates, end.Refused));
    }

    private static ArmFigure Figure(string arm, SinkReport report) =>
        report.WindowEvents == 0
            ? throw new BrokenRunException($"The sink saw {report.Distinct} events of {arm} only.")
            : new ArmFigure(
                arm,
                Draining.InFlight,
                report.WindowEvents / report.WindowSeconds,
                report.WindowEvents / report.WindowCpuSeconds
            );
}
