using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// What is left when the power is cut, on the worst disk that may be: one that has written nothing
/// which it was not made to.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Events = 40;

    private readonly TemporaryDirectory _directory = new();
    private readonly FaultControl _faults;

    public PowerCutTests() => _faults = new FaultControl(DataDirectory, remembers: true);

    [Fact]
    public async Task Serve_PowerCut_HasEveryEventThatItAnswered201()
    {
        Assert.Equal(0, await LoseAsync(lies: false));
    }

    /// <summary>This very loss is what the other tests look for: they would see it.</summary>
    [Fact]
    public async Task Serve_PowerCutOnADiskThatLiesAboutFsync_HasLostEvents()
    {
        Assert.Equal(Events, await LoseAsync(lies: true));
    }

    [Fact]
    public async Task Serve_PowerCutAfterTheFirstTenant_StillHasTheMasterKey()
    {
        await using var server = Server();
        await server.StartAsync();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var key = await server.CreateTenantAsync("acme", receiver.Url);
        await CutAsync(server);
        server.Launch();
        await server.WaitUntilReadyAsync();

        (await server.PostAsync("/v1/events", key, "{}")).Require(201);
        using var patience = new CancellationTokenSource(Served.Patience);
        await receiver.WaitForRequestAsync(patience.Token);
    }

    public void Dispose()
    {
        _faults.Dispose();
        _directory.Dispose();
    }

    private string DataDirectory => Path.Combine(_directory.Path, "data");

    private Served Server(IReadOnlyDictionary<string, string>? settings = null) =>
        new(settings, DataDirectory, _faults.Variables);

    /// <summary>How many accepted events are gone after a cut.</summary>
    private async Task<int> LoseAsync(bool lies)
    {
        await using var server = Server(
            new Dictionary<string, string> { ["Delivery__Paused"] = "true" }
        );
        await server.StartAsync();
        var key = await server.CreateTenantAsync("acme", new Uri("http://127.0.0.1:9/hook"));
        if (lies)
        {
            _faults.LieAboutSyncs();
        }

        var ids = new List<string>();
        for (var i = 0; i < Events; i++)
        {
            var answer = await server.PostAsync("/v1/events", key, $$"""{"n":{{i}}}""");
            answer.Require(201);
            ids.Add(answer["event_id"]);
        }

        await CutAsync(server);
        server.Launch();
        await server.WaitUntilReadyAsync();
        var lost = 0;
        foreach (var id in ids)
        {
            lost += (await server.GetAsync($"/v1/events/{id}", key)).Status == 404 ? 1 : 0;
        }

        return lost;
    }

    /// <summary>The next thing that the server does is its last.</summary>
    private async Task CutAsync(Served server)
    {
        _faults.Arm(CrashPoint.Any, 1, Ending.PowerCut, FaultControl.Worst);
        await Until.HoldsAsync(
            async () => server.Process.HasExited || await server.ReadinessAsync() < 0,
            Served.Patience,
            () => server.Process.Transcript
        );
        Assert.NotEqual(CrashPoint.None, _faults.Fired);
        await server.Process.DisposeAsync();
        _faults.Disarm();
    }
}
