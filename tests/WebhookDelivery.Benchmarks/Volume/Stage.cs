using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A data directory that is prepared once: its tenants, and the deliveries that they have queued,
/// accepted by a server whose delivery is paused. What is measured runs on copies of it.
/// </summary>
internal sealed class Stage : IDisposable
{
    /// <summary>Connections over all tenants while it is filled.</summary>
    private const int Connections = 64;

    private readonly Dictionary<string, StagedTenant> _tenants;

    private Stage(DataFolder data, Dictionary<string, StagedTenant> tenants)
    {
        Data = data;
        _tenants = tenants;
    }

    public DataFolder Data { get; }

    /// <summary>Deliveries queued, over all tenants.</summary>
    public long Queued => _tenants.Values.Sum(tenant => (long)tenant.Setup.Queued);

    /// <summary>Answers other than 201 while it was filled.</summary>
    public long Refused { get; private set; }

    /// <summary>Events per second while it was filled; 0 for an empty one.</summary>
    public double FilledPerSecond { get; private set; }

    public StagedTenant this[string tenant] => _tenants[tenant];

    /// <summary>Sets it up, and returns when the server that accepted it has stopped.</summary>
    public static async Task<Stage> BuildAsync(
        RunSettings settings,
        Tally tally,
        IReadOnlyList<StageTenant> tenants,
        CancellationToken cancellationToken
    )
    {
        var data = DataFolder.Create(settings);
        try
        {
            await using var server = ServerProcess.Start(settings, data.Path, StagedServer.Paused);
            await server.WaitUntilReadyAsync(cancellationToken);
            var staged = await CreateAsync(server, tally, tenants, cancellationToken);
            var stage = new Stage(data, staged);
            await stage.FillAsync(settings, server, cancellationToken);
            return stage;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>The same tenants on another directory, in which nothing is queued.</summary>
    public Stage Emptied(DataFolder data) =>
        new(
            data,
            _tenants.ToDictionary(
                one => one.Key,
                one => one.Value with { Setup = one.Value.Setup with { Queued = 0 } },
                StringComparer.Ordinal
            )
        );

    public void Dispose() => Data.Dispose();

    private static async Task<Dictionary<string, StagedTenant>> CreateAsync(
        ServerProcess server,
        Tally tally,
        IReadOnlyList<StageTenant> tenants,
        CancellationToken cancellationToken
    )
    {
        var made = new Dictionary<string, StagedTenant>(StringComparer.Ordinal);
        var operatorKey = await server.OperatorKeyAsync(cancellationToken);
        using var asOperator = new Platform(server.Url, operatorKey);
        foreach (var tenant in tenants)
        {
            var key = await asOperator.CreateTenantAsync(tenant.Id, cancellationToken);
            using var asTenant = new Platform(server.Url, key);
            var endpoints = new List<string>();
            foreach (var receiver in tenant.Receivers)
            {
                var target = tally.Target(receiver);
                endpoints.Add(
                    await asTenant.CreateEndpointAsync(target, tenant, cancellationToken)
                );
            }

            made.Add(tenant.Id, new StagedTenant(tenant, key, endpoints));
        }

        return made;
    }

    /// <summary>All tenants at once, so that their events lie between each other's, as they would.</summary>
    private async Task FillAsync(
        RunSettings settings,
        ServerProcess server,
        CancellationToken cancellationToken
    )
    {
        var filled = _tenants.Values.Where(tenant => tenant.Setup.Queued > 0).ToList();
        if (filled.Count == 0)
        {
            return;
        }

        var clock = Stopwatch.StartNew();
        var reports = await Task.WhenAll(
            filled.Select(tenant =>
                new Load(
                    settings,
                    server.Url.Port,
                    tenant.ApiKey,
                    Math.Max(1, Connections / filled.Count),
                    server.Pid
                ).RunAsync(tenant.Setup.Queued / tenant.Setup.Endpoints, cancellationToken)
            )
        );
        FilledPerSecond = reports.Sum(report => report.AcceptedTotal) / clock.Elapsed.TotalSeconds;
        Refused = reports.Sum(report => report.Refused);
    }
}
