namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A server whose delivery is paused, with one tenant, its key and one endpoint towards a sink; it
/// keeps the account of what the server has accepted.
/// </summary>
internal sealed class Ingesting : IAsyncDisposable
{
    private const int FillConnections = 64;

    private static readonly StageTenant s_tenant = new("bench", Endpoints: 1, Queued: 0)
    {
        MaxInFlight = Draining.InFlight,
    };

    private readonly ServerProcess _server;
    private readonly DataFolder _data;
    private readonly List<string> _ids = [];
    private readonly List<string> _refusals = [];
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

    /// <summary>A file for each load, with the ids of its 201s.</summary>
    public IReadOnlyList<string> Ids => _ids;

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

    /// <summary>A load that this server can be put under; its 201s are recorded by themselves.</summary>
    public Load Load(RunSettings settings, int connections)
    {
        var ids = Path.Combine(settings.Scratch, "ids-" + Path.GetRandomFileName());
        File.WriteAllBytes(ids, []);
        _ids.Add(ids);
        return new Load(settings, _server.Url.Port, ApiKey, connections, _server.Pid) { Ids = ids };
    }

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
        if (report.Refused > 0)
        {
            _refusals.Add($"{Name(_ids.Count - 1)}: {report.Refused} refused");
        }

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
    public async Task<Account> SettleAsync(
        RunSettings settings,
        CancellationToken cancellationToken
    )
    {
        await StopAsync();
        var drained = await Draining.RunAsync(settings, this, _data, cancellationToken);
        var account = new Account();
        account.Enter("all pairs", drained.Ledger with { Refused = Refused });
        _refusals.ForEach(account.Fault);
        for (var i = 0; account.Faults.Count > 0 && i < drained.Matches.Count; i++)
        {
            var match = drained.Matches[i];
            if (match.Unseen > 0)
            {
                account.Fault($"{Name(i)}: {match.Unseen} of {match.Recorded} ids not received");
            }
        }

        return account;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Sink.DisposeAsync();
        _ids.ForEach(File.Delete);
        _data.Dispose();
    }

    /// <summary>The first load is the warm-up of those after it.</summary>
    private static string Name(int load) => load == 0 ? "before the pairs" : $"pair {load}";

    private static async Task<string> CreateTenantAsync(
        ServerProcess server,
        Sink sink,
        string operatorKey,
        CancellationToken cancellationToken
    )
    {
        using var asOperator = new Platform(server.Url, operatorKey);
        var key = await asOperator.CreateTenantAsync(s_tenant.Id, cancellationToken);
        using var asTenant = new Platform(server.Url, key);
        await asTenant.CreateEndpointAsync(sink.Target, s_tenant, cancellationToken);
        return key;
    }
}
