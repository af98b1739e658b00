using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// One server: its healthy tenant posts at times fixed in advance, and each post is compared with its
/// receipt.
/// </summary>
internal sealed class LatencyRun(
    RunSettings settings,
    Tally tally,
    StagedTenant healthy,
    LatencyTimes times
)
{
    /// <summary>What a machine of two cores carries with ease.</summary>
    public const int PerSecond = 300;

    private readonly string _receiver = healthy.Setup.Receiver(1);

    public async Task<(LatencyFigures Figures, Ledger Ledger)> MeasureAsync(
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

        // What is queued is sent from the moment that the server is ready.
        var began = Stopwatch.GetTimestamp();
        var load = new PacedLoad(settings, server.Url.Port, healthy.ApiKey, PerSecond, server.Pid);
        var posting = load.RunAsync(times.End, cancellationToken);
        await RequireHangingAsync(stage, began, cancellationToken);
        var report = await posting;
        server.Count(report.Accepted, report.Refused);
        await tally.UntilAsync(seen => Delivered(seen) >= report.Accepted, cancellationToken);
        var receipts = await tally.ReceiptsAsync(_receiver, cancellationToken);
        var ledger = await server.CloseAsync(name => name == _receiver, cancellationToken);
        return (Figures(report, receipts, began), ledger);
    }

    private long Delivered(TallyReport seen) => seen.Distinct(name => name == _receiver);

    /// <summary>Whoever is to hang must do so by the end of the warm-up, or something else is measured.</summary>
    private async Task RequireHangingAsync(
        Stage stage,
        long began,
        CancellationToken cancellationToken
    )
    {
        var left = times.WarmUp - Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, left)), cancellationToken);
        var seen = await tally.ReadAsync(cancellationToken);
        if (stage.Queued > 0 && seen.Waiting == 0)
        {
            throw new BrokenRunException("Nothing hangs: the hung endpoint's slots are free.");
        }
    }

    private LatencyFigures Figures(
        PacedReport report,
        Dictionary<string, long> receipts,
        long began
    )
    {
        var taken = Between(times.WarmUp, times.WarmUp + times.Span);
        var open = Between(times.OpenFrom, times.OpenFrom + times.Span);
        return new LatencyFigures(
            Percentile.Of(taken, 0.99),
            Percentile.Of(open, 0.99),
            Percentile.Of(taken.Concat(open), 0.5),
            Math.Min(taken.Count, open.Count),
            report.CpuSeconds * 1000 / report.Samples.Count
        );

        List<double> Between(double from, double to)
        {
            var first = MonotonicClock.After(began, from);
            var end = MonotonicClock.After(began, to);
            return
            [
                .. report
                    .Samples.Where(one => one.Due >= first && one.Due < end && one.IsAccepted)
                    .Select(one => MonotonicClock.Milliseconds(one.Due, receipts[one.EventId!])),
            ];
        }
    }
}
