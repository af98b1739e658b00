namespace WebhookDelivery.Benchmarks;

/// <summary>The peer delivers a backlog: a new Redis and a new sender on a copy of it.</summary>
/// <param name="Figure">What the sink saw.</param>
/// <param name="Ledger">Where the backlog has gone; a failed attempt is none of its ends, and voids it.</param>
internal sealed record PeerDraining(ArmFigure Figure, Ledger Ledger)
{
    /// <param name="settings">Where the peer is.</param>
    /// <param name="sink">Where its jobs go.</param>
    /// <param name="backlog">What is to be delivered; it stays.</param>
    /// <param name="tuning">How the peer is run.</param>
    /// <param name="environment">Variables for Redis.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<PeerDraining> RunAsync(
        RunSettings settings,
        Sink sink,
        PeerBacklog backlog,
        PeerTuning tuning,
        IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken cancellationToken
    )
    {
        using var copy = backlog.Data.Copy(settings);
        await using var redis = await RedisProcess.StartAsync(
            settings,
            copy,
            environment,
            cancellationToken
        );
        await using var sender = ArmProcess.StartNode(
            settings,
            "sender.mjs",
            tuning.OverSocket ? redis.Socket : $"{redis.Port}",
            sink.Target.AbsoluteUri,
            $"{tuning.InFlight}",
            $"{tuning.Threads}"
        );

        // Node takes longer to start than the sink to answer this.
        await sink.ExpectAsync(settings, backlog.Jobs, sender.Pid, redis.Pid, cancellationToken);
        await sink.CompleteAsync(backlog.Jobs, cancellationToken);
        sender.CloseInput();
        var end = await sender.ReadAsync<PeerReport>(cancellationToken);
        var report = await sink.ReportAsync(cancellationToken);
        var ledger = new Ledger(
            backlog.Jobs,
            report.Distinct,
            end.Dead,
            end.Open,
            report.Requests - report.Distinct,
            end.FailedAttempts
        );
        return new PeerDraining(FigureOf(tuning, report), ledger);
    }

    private static ArmFigure FigureOf(PeerTuning tuning, SinkReport report) =>
        ArmFigure.Of("peer", tuning.InFlight, report) with
        {
            Notes = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["CPU µs of node"] = report.WindowCpuSeconds * 1e6 / report.WindowEvents,
                ["CPU µs of redis"] = report.WindowHelperCpuSeconds * 1e6 / report.WindowEvents,
            },
        };
}
