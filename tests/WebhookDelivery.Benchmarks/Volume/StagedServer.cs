using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A server of its own on a copy of a stage, and the account of what it does: what was queued and what
/// is posted on top is delivered, dead or open when it has stopped.
/// </summary>
internal sealed class StagedServer : IAsyncDisposable
{
    /// <summary>Delivers nothing.</summary>
    public static readonly IReadOnlyDictionary<string, string> Paused = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal)
    {
        ["WebhookDelivery__Delivery__Paused"] = "true",
    };

    private readonly ServerProcess _server;
    private readonly DataFolder _data;
    private readonly Tally _tally;
    private long _refused;
    private bool _stopped;

    private StagedServer(ServerProcess server, DataFolder data, Tally tally, Stage stage)
    {
        _server = server;
        _data = data;
        _tally = tally;
        Accepted = stage.Queued;
        _refused = stage.Refused;
    }

    public int Pid => _server.Pid;

    public Uri Url => _server.Url;

    public DataFolder Data => _data;

    /// <summary>Deliveries that were queued, or posted since.</summary>
    public long Accepted { get; private set; }

    /// <summary>From the start of its process until it took requests.</summary>
    public double StartSeconds { get; private init; }

    /// <summary>Starts it as it is shipped, as the other one does.</summary>
    public static Task<StagedServer> StartAsync(
        RunSettings settings,
        Stage stage,
        Tally tally,
        CancellationToken cancellationToken
    ) =>
        StartAsync(
            settings,
            stage,
            tally,
            new Dictionary<string, string>(StringComparer.Ordinal),
            cancellationToken
        );

    /// <summary>Starts it, with nothing counted yet, and returns when it takes requests.</summary>
    public static async Task<StagedServer> StartAsync(
        RunSettings settings,
        Stage stage,
        Tally tally,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        await tally.ForgetAsync(cancellationToken);
        var data = stage.Data.Copy(settings);
        var clock = Stopwatch.StartNew();
        var server = ServerProcess.Start(settings, data.Path, environment);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            data.Dispose();
            throw;
        }

        return new StagedServer(server, data, tally, stage)
        {
            StartSeconds = clock.Elapsed.TotalSeconds,
        };
    }

    /// <summary>Enters what was posted into the account.</summary>
    /// <param name="deliveries">Answers 201 times the endpoints that each event goes to.</param>
    /// <param name="refused">Other answers.</param>
    public void Count(long deliveries, long refused)
    {
        Accepted += deliveries;
        _refused += refused;
    }

    /// <summary>Stops it as an operator would, and closes the account.</summary>
    /// <param name="answers">Whether a receiver answers: what one that hangs has seen stays open.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<Ledger> CloseAsync(
        Func<string, bool> answers,
        CancellationToken cancellationToken
    )
    {
        await StopAsync();
        var report = await _tally.ReadAsync(cancellationToken);
        using var store = StoreFile.Open(_data);
        return new Ledger(
            Accepted,
            report.Distinct(answers),
            store.CountDead(),
            store.CountOpen(),
            report.Duplicates(answers),
            _refused
        );
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _data.Dispose();
    }

    /// <summary>Stops it as an operator would.</summary>
    private async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _server.DisposeAsync();
        }
    }
}
