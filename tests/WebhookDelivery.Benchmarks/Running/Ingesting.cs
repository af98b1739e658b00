namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A server whose delivery is paused, with one tenant, its key and one endpoint towards a sink; it
/// keeps the account of what the server has accepted.
/// </summary>
internal sealed class Ingesting : IAsyncDisposable
{
    private const int FillConnections = 64;

    private readonly ServerProcess _server;
    private readonly DataFolder _data;
    private bool _stopped;

    private Ingesting(ServerProcess server, DataFolder data, Sink sink, string apiKey)
    {
        _server = server;
        _data = data;
        Sink = sink;
        ApiKey = apiKey;
    }

    public Sink Sink { get; }

    public string ApiKey { get; }

    /// <summary>The data directory; whole once <see cref="StopAsync"/> has returned.</summary>
    public DataFolder Data => _data;

    /// <summary>Answers 201 so far.</summary>
    public long Accepted { get; private set; }

    /// <summary>Other answers so far.</summary>
    public long Refused { get; private set; }

    public static async Task<Ingesting> StartAsync(
        RunSettings settings,
        IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken cancellationToken
    )
    {
        var data = DataFolder.Create(settings);
        var paused = new Dictionary<string, string>(environment, StringComparer.Ordinal)
        {
            ["WebhookDelivery__Delivery__Paused"] = "true",
        };
        var server = ServerProcess.Start(settings, data.Path, paused);
        Sink? sink = null;
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            sink = await Sink.StartAsync(settings, cancellationToken);
            var operatorKey = await server.OperatorKeyAsync(cancellationToken);
            var key = await CreateTenantAsync(server, sink, operatorKey, cancellationToken);
            return new Ingesting(server, data, sink, key);
        }
        catch
        {
            await server.DisposeAsync();
            await (sink?.DisposeAsync() ?? ValueTask.CompletedTask);
            data.Dispose();
            throw;
        }
    }

    /// <summary>The load that this server can be put under.</summary>
    public Load Load(RunSettings settings, int connections) =>
        new(settings, _server.Url.Port, ApiKey, connections, _server.Pid);

    /// <summary>Has it accept the backlog that the settings ask for, and stops it.</summary>
    public async Task FillAsync(RunSettings settings, CancellationToken cancellationToken)
    {
        Count(await Load(settings, FillConnections).RunAsync(settings.Backlog, cancellationToken));
        await StopAsync();
    }

    /// <summary>Enters a run's answers into the account.</summary>
    public LoadReport Count(LoadReport report)
    {
        Accepted += report.AcceptedTotal;
        Refused += report.Refused;
        return report;
    }

    /// <summary>Stops the server gracefully.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _server.DisposeAsync();
        }
    }

    /// <summary>Stops the server, delivers everything by another, and closes the account.</summary>
    public async Task<Ledger> SettleAsync(RunSettings settings, CancellationToken cancellationToken)
    {
        await StopAsync();
        var drained = await Draining.RunAsync(settings, this, _data, cancellationToken);
        return drained.Ledger with { Refused = Refused };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Sink.DisposeAsync();
        _data.Dispose();
    }

    private static async Task<string> CreateTenantAsync(
        ServerProcess server,
        Sink sink,
        string operatorKey,
        CancellationToken cancellationToken
    )
    {
        using var asOperator = new Platform(server.Url, operatorKey);
        var key = await asOperator.CreateTenantAsync(cancellationToken);
        using var asTenant = new Platform(server.Url, key);
        await asTenant.CreateEndpointAsync(sink.Target, Draining.InFlight, cancellationToken);
        return key;
    }
}
