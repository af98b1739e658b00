namespace WebhookDelivery.Benchmarks;

/// <summary>
/// One server with two tenants that both have more work than it can do: the flooding one posts as fast
/// as 64 connections can, on top of what it has queued. Measured while both have work.
/// </summary>
internal sealed class ShareRun(
    RunSettings settings,
    Tally tally,
    StagedTenant healthy,
    StagedTenant flooding
)
{
    private const int FloodConnections = 64;

    private static readonly Dictionary<string, string> s_defaults = new(StringComparer.Ordinal);

    private readonly HashSet<string> _healthyReceivers = [.. healthy.Setup.Receivers];
    private readonly HashSet<string> _floodReceivers = [.. flooding.Setup.Receivers];

    public async Task<(RatioPair Pair, Ledger Ledger)> MeasureAsync(
        Stage stage,
        CancellationToken cancellationToken
    )
    {
        await using var server = await StagedServer.StartAsync(
            settings,
            stage,
            tally,
            s_defaults,
            cancellationToken
        );
        var load = new Load(
            settings,
            server.Url.Port,
            flooding.ApiKey,
            FloodConnections,
            server.Pid
        );

        // The load outlasts what is measured: it begins a runtime's start later.
        var flood = load.RunAsync(
            settings.WarmUpSeconds,
            settings.WarmUpSeconds + settings.Seconds,
            cancellationToken
        );
        var from = await WarmAsync(cancellationToken);
        var cpuFrom = CpuClock.SecondsOf(server.Pid);
        var to = await EndAsync(from, cancellationToken);
        var cpuSeconds = CpuClock.SecondsOf(server.Pid) - cpuFrom;

        var report = await flood;
        server.Count(report.AcceptedTotal * flooding.Setup.Endpoints, report.Refused);
        return (
            Pair(from, to, cpuSeconds, report),
            await server.CloseAsync(_ => true, cancellationToken)
        );
    }

    /// <summary>The counts once both are delivered to and the first tenth of the backlog, or the warm-up, is over.</summary>
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

    /// <summary>The counts when the time is over, or when the healthy tenant's work comes to its end.</summary>
    private Task<TallyReport> EndAsync(TallyReport from, CancellationToken cancellationToken)
    {
        var end = MonotonicClock.After(from.Ticks, settings.Seconds);
        return tally.UntilAsync(seen => seen.Ticks >= end || HasDone(seen, 0.9), cancellationToken);
    }

    private bool HasDone(TallyReport seen, double share) =>
        Delivered(seen, _healthyReceivers) >= share * healthy.Setup.Queued
        || Delivered(seen, _floodReceivers) >= share * flooding.Setup.Queued;

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
