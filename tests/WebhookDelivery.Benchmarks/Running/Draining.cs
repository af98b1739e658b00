using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>Delivers a backlog: a server started on its data directory, watched by the sink.</summary>
/// <param name="Report">What the sink saw.</param>
/// <param name="Ledger">Where the backlog has gone.</param>
/// <param name="Matches">What the sink has seen of each load's ids, in their order.</param>
internal sealed record Draining(SinkReport Report, Ledger Ledger, IReadOnlyList<IdsMatch> Matches)
{
    /// <summary>Attempts under way at once.</summary>
    public const int InFlight = 64;

    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(20);

    /// <summary>Has a server deliver a copy of the backlog, as one arm of a pair.</summary>
    /// <param name="settings">Where the server is.</param>
    /// <param name="backlog">Who loaded it; its own server has stopped.</param>
    /// <param name="shim">What an fsync takes.</param>
    /// <param name="account">Is given the ledger.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<ArmFigure> MeasureAsync(
        RunSettings settings,
        Ingesting backlog,
        FsyncShim shim,
        Account account,
        CancellationToken cancellationToken
    )
    {
        using var copy = backlog.Data.Copy(settings);
        var drained = await RunAsync(
            settings,
            backlog,
            copy,
            shim.Environment,
            _ => Task.CompletedTask,
            cancellationToken
        );
        account.EnterPair("server", drained.Ledger);
        return ArmFigure.Of("server", InFlight, drained.Report);
    }

    /// <summary>Delivers it, and returns when every outcome is stored and the server has stopped.</summary>
    /// <param name="settings">Where the server is.</param>
    /// <param name="backlog">Who loaded it; its own server has stopped.</param>
    /// <param name="data">The data directory, or a copy of it.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static Task<Draining> RunAsync(
        RunSettings settings,
        Ingesting backlog,
        DataFolder data,
        CancellationToken cancellationToken
    ) => RunAsync(settings, backlog, data, [], _ => Task.CompletedTask, cancellationToken);

    /// <summary>The same of a server that is started with more, and watched by more than the sink.</summary>
    /// <param name="settings">Where the server is.</param>
    /// <param name="backlog">Who loaded it; its own server has stopped.</param>
    /// <param name="data">The data directory, or a copy of it.</param>
    /// <param name="environment">Further variables for the server's process.</param>
    /// <param name="watch">Is given the process once it is ready, and waited for.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<Draining> RunAsync(
        RunSettings settings,
        Ingesting backlog,
        DataFolder data,
        IEnumerable<KeyValuePair<string, string>> environment,
        Func<int, Task> watch,
        CancellationToken cancellationToken
    )
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            ["WebhookDelivery__Delivery__MaxInFlightPerEndpoint"] = $"{InFlight}",
        };
        await using var server = ServerProcess.Start(settings, data.Path, all);

        // A runtime takes longer to start than the sink to answer this.
        await backlog.Sink.ExpectAsync(settings, backlog.Accepted, server.Pid, cancellationToken);
        await server.WaitUntilReadyAsync(cancellationToken);
        await watch(server.Pid);
        await backlog.Sink.CompleteAsync(backlog.Accepted, cancellationToken);

        using var platform = new Platform(server.Url, backlog.ApiKey);
        var open = await CountOpenAsync(platform, cancellationToken);
        var dead = await platform.CountDeadLettersAsync(cancellationToken);
        var report = await backlog.Sink.ReportAsync(cancellationToken);
        var ledger = new Ledger(
            backlog.Accepted,
            report.Distinct,
            dead,
            open,
            report.Requests - report.Distinct,
            0
        );
        var matches = new List<IdsMatch>();
        foreach (var ids in backlog.Ids)
        {
            matches.Add(await backlog.Sink.MatchAsync(ids, cancellationToken));
        }

        // Each id once in a 201, and received but for those that are dead or open.
        var unmatched =
            Math.Abs(backlog.Accepted - matches.Sum(match => match.Recorded))
            + Math.Abs(matches.Sum(match => match.Unseen) - dead - open);
        return new Draining(report, ledger with { Unmatched = unmatched }, matches);
    }

    /// <summary>The last outcomes are stored a moment after the sink has answered.</summary>
    private static async Task<long> CountOpenAsync(
        Platform platform,
        CancellationToken cancellationToken
    )
    {
        for (var waited = Stopwatch.StartNew(); ; )
        {
            var open =
                await platform.CountEventsAsync("PENDING", cancellationToken)
                + await platform.CountEventsAsync("FAILED", cancellationToken);
            if (open == 0 || waited.Elapsed > SettleMax)
            {
                return open;
            }

            await Task.Delay(100, cancellationToken);
        }
    }
}
