using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary><c>profile</c>: counts what an event costs the server's process, ingested and drained.</summary>
internal static class ProfileRun
{
    private const int Connections = 64;

    /// <summary>Enough for the counts to be even, and not long under strace.</summary>
    private const int TracedEvents = 5000;

    private static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(5);

    public static async Task MeasureAsync(
        RunSettings settings,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        using var counters = new ServerCounters(settings);
        await to.WriteLineAsync("profile: what an event costs the server's process");
        PathCost[] costs =
        [
            await IngestAsync(settings, counters, cancellationToken),
            await DrainAsync(settings, counters, cancellationToken),
        ];
        ProfileReport.Print(to, costs);
    }

    private static async Task<PathCost> IngestAsync(
        RunSettings settings,
        ServerCounters counters,
        CancellationToken cancellationToken
    )
    {
        await using var platform = await Ingesting.StartAsync(
            settings,
            counters.Environment,
            cancellationToken
        );
        var load = platform.Load(settings, Connections);

        // As long as what is counted, so that the JIT is done with most of it.
        platform.Count(await load.RunAsync(0, settings.Seconds, cancellationToken));

        var before = await counters.ReadAsync(load.ServerPid, cancellationToken);
        var counted = platform.Count(await load.RunAsync(0, settings.Seconds, cancellationToken));
        var counts = await counters.ReadAsync(load.ServerPid, cancellationToken) - before;

        await counters.StartSamplingAsync(load.ServerPid, cancellationToken);
        var sampled = platform.Count(await load.RunAsync(0, settings.Seconds, cancellationToken));
        var bytes = await counters.StopSamplingAsync(load.ServerPid, cancellationToken);

        IReadOnlyDictionary<string, long> syscalls;
        LoadReport traced;
        await using (
            var tracing = await Syscalls.StartAsync(settings, load.ServerPid, cancellationToken)
        )
        {
            traced = platform.Count(await load.RunAsync(TracedEvents, cancellationToken));
            syscalls = await tracing.StopAsync(cancellationToken);
        }

        Check(await platform.SettleAsync(settings, cancellationToken));
        return new PathCost(
            "ingest",
            counted.AcceptedTotal,
            counts,
            sampled.AcceptedTotal,
            bytes,
            traced.AcceptedTotal,
            syscalls
        );
    }

    private static async Task<PathCost> DrainAsync(
        RunSettings settings,
        ServerCounters counters,
        CancellationToken cancellationToken
    )
    {
        await using var backlog = await Ingesting.StartAsync(settings, [], cancellationToken);
        await backlog.FillAsync(settings, cancellationToken);

        PathCost? cost = null;
        var drained = await Draining.RunAsync(
            settings,
            backlog,
            backlog.Data,
            counters.Environment,
            async pid => cost = await CountAsync(pid),
            cancellationToken
        );
        var account = new Account();
        account.Enter("backlog", drained.Ledger with { Refused = backlog.Refused });
        Check(account);
        return cost!;

        // From a fifth of the backlog to the half; what is left is enough to be sampled and traced.
        async Task<PathCost> CountAsync(int pid)
        {
            var first = await ReachAsync(2);
            var before = await counters.ReadAsync(pid, cancellationToken);
            var last = await ReachAsync(5);
            var counts = await counters.ReadAsync(pid, cancellationToken) - before;

            await counters.StartSamplingAsync(pid, cancellationToken);
            var sampledFrom = (await backlog.Sink.ReportAsync(cancellationToken)).Distinct;
            var sampled = await ReachAsync(7) - sampledFrom;
            var bytes = await counters.StopSamplingAsync(pid, cancellationToken);

            await using var tracing = await Syscalls.StartAsync(settings, pid, cancellationToken);
            var from = (await backlog.Sink.ReportAsync(cancellationToken)).Distinct;
            var to = await ReachAsync(9);
            var syscalls = await tracing.StopAsync(cancellationToken);
            return to == from || sampled <= 0
                ? throw new BrokenRunException("The backlog is too small to be profiled.")
                : new PathCost("drain", last - first, counts, sampled, bytes, to - from, syscalls);
        }

        async Task<long> ReachAsync(long tenths)
        {
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < DrainMax; )
            {
                var distinct = (await backlog.Sink.ReportAsync(cancellationToken)).Distinct;
                if (distinct >= backlog.Accepted * tenths / 10)
                {
                    return distinct;
                }

                await Task.Delay(2, cancellationToken);
            }

            throw new BrokenRunException("The backlog is not being delivered.");
        }
    }

    private static void Check(Account account)
    {
        if (account.Faults.Count > 0)
        {
            throw new BrokenRunException(string.Join("; ", account.Faults));
        }
    }
}
