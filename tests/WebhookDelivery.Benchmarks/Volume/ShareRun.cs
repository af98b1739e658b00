namespace WebhookDelivery.Benchmarks;

/// <summary>
/// One server under a tenant that has a backlog and posts on top as fast as 64 connections can, and a
/// healthy one. Measured while both have work.
/// </summary>
internal sealed class ShareRun(
    RunSettings settings,
    Tally tally,
    StagedTenant healthy,
    StagedTenant flooding,
    ShareTerms terms
)
{
    private const int FloodConnections = 64;

    /// <summary>By how much a load outlasts what is measured, which begins with the first deliveries.</summary>
    private const double SlackSeconds = 3;

    private readonly HashSet<string> _healthyReceivers = [.. healthy.Setup.Receivers];
    private readonly HashSet<string> _floodReceivers = [.. flooding.Setup.Receivers];

    private double LoadSeconds => LoadSecondsOf(settings);

    /// <summary>How long each load lasts.</summary>
    public static double LoadSecondsOf(RunSettings settings) => settings.LoadSeconds + SlackSeconds;

    public async Task<(RatioPair Pair, Ledger Ledger)> MeasureAsync(
        Stage stage,
        CancellationToken cancellationToken
    )
    {
        await using var server = await StagedServer.StartAsync(
            settings,
            stage,
            tally,
            cancellationToken
        );
        var flood = FloodAsync(server, cancellationToken);
        var posts = PostAsync(server, cancellationToken);
        var from = await WarmAsync(cancellationToken);
        var cpuFrom = CpuClock.SecondsOf(server.Pid);
        var to = await EndAsync(from, cancellationToken);
        var cpuSeconds = CpuClock.SecondsOf(server.Pid) - cpuFrom;

        var pair = Pair(from, to, cpuSeconds, await flood);
        if (await posts is { } offered)
        {
            var offer = new ShareOffer(offered.Samples, from.Ticks, to.Ticks);
            pair = offer.Judge(
                pair,
                await tally.ReceiptsAsync(healthy.Setup.Receiver(1), cancellationToken)
            );
        }

        return (pair, await server.CloseAsync(_ => true, cancellationToken));
    }

    private async Task<LoadReport> FloodAsync(
        StagedServer server,
        CancellationToken cancellationToken
    )
    {
        var load = new Load(
            settings,
            server.Url.Port,
            flooding.ApiKey,
            FloodConnections,
            server.Pid
        );
        var report = await load.RunAsync(0, LoadSeconds, cancellationToken);
        server.Count(report.AcceptedTotal * flooding.Setup.Endpoints, report.Refused);
        return report;
    }

    private async Task<PacedReport?> PostAsync(
        StagedServer server,
        CancellationToken cancellationToken
    )
    {
        if (terms.PostsPerSecond == 0)
        {
            return null;
        }

        var load = new PacedLoad(
            settings,
            server.Url.Port,
            healthy.ApiKey,
            terms.PostsPerSecond,
            server.Pid
        );
        var report = await load.RunAsync(LoadSeconds, cancellationToken);
        server.Count(report.Accepted, report.Refused);
        return report;
    }

    /// <summary>
    /// The counts once both are delivered to and the warm-up, or a tenth of a backlog, is over.
    /// </summary>
    private async Task<TallyReport> WarmAsync(CancellationToken cancellationToken)
    {
        var first = await tally.UntilAsync(
            seen => Delivered(seen, _healthyReceivers) > 0 && Delivered(seen, _floodReceivers) > 0,
            cancellationToken
        );
        var end = MonotonicClock.After(first.Ticks, settings.WarmUpSeconds);
        return await tally.UntilAsync(
            seen => seen.Ticks >= end || HasDone(seen, 0.1),
            cancellationToken
        );
    }

    /// <summary>The counts when the time is over, or when a backlog comes to its end.</summary>
    private Task<TallyReport> EndAsync(TallyReport from, CancellationToken cancellationToken)
    {
        var end = MonotonicClock.After(from.Ticks, settings.Seconds);
        return tally.UntilAsync(seen => seen.Ticks >= end || HasDone(seen, 0.9), cancellationToken);
    }

    private bool HasDone(TallyReport seen, double share) =>
        HasDone(seen, _healthyReceivers, healthy.Setup.Queued * share)
        || HasDone(seen, _floodReceivers, flooding.Setup.Queued * share);

    private static bool HasDone(TallyReport seen, HashSet<string> receivers, double queued) =>
        queued > 0 && Delivered(seen, receivers) >= queued;

    private static long Delivered(TallyReport seen, HashSet<string> receivers) =>
        seen.Distinct(receivers.Contains);

    private RatioPair Pair(TallyReport from, TallyReport to, double cpuSeconds, LoadReport flood)
    {
        var seconds = MonotonicClock.Milliseconds(from.Ticks, to.Ticks) / 1000;
        var ours = Delivered(to, _healthyReceivers) - Delivered(from, _healthyReceivers);
        var theirs = Delivered(to, _floodReceivers) - Delivered(from, _floodReceivers);
        var total = (double)(ours + theirs);
        return new RatioPair(
            ours / (total / 2),
            [new ArmFigure("server", FloodConnections, total / seconds, total / cpuSeconds)],
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["healthy/s"] = ours / seconds,
                ["flooding/s"] = theirs / seconds,
                ["posts/s of the flood"] = flood.PerSecond,
                ["seconds"] = seconds,
            }
        );
    }
}
