using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>A first start that is cut short, wherever that is, does not stand in the way of the next.</summary>
public sealed class FirstStartTests : IDisposable
{
    private static readonly (CrashPoint Point, int Passing, Ending Ending)[] s_ends =
    [
        (CrashPoint.CheckpointWrite, 1, Ending.Killed),
        (CrashPoint.CheckpointTorn, 1, Ending.Killed),
        (CrashPoint.LogWrite, 1, Ending.PowerCut),
        (CrashPoint.LogTorn, 2, Ending.Killed),
        (CrashPoint.LogWritten, 8, Ending.PowerCut),
        (CrashPoint.LogSync, 1, Ending.Killed),
        (CrashPoint.DirectorySync, 1, Ending.PowerCut),
        (CrashPoint.LogSynced, 1, Ending.Killed),
        (CrashPoint.KeyCreate, 1, Ending.Killed),
        (CrashPoint.KeyWrite, 1, Ending.PowerCut),
        (CrashPoint.KeySync, 1, Ending.PowerCut),
        (CrashPoint.KeyRename, 1, Ending.Killed),
        (CrashPoint.KeyRenamed, 1, Ending.PowerCut),
        (CrashPoint.KeyRenamed, 1, Ending.Killed),
        (CrashPoint.DatabaseRead, 1, Ending.Killed),
    ];

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Serve_CutShortInItsFirstStart_StartsAndDelivers()
    {
        var data = Path.Combine(_directory.Path, "data");
        using var faults = new FaultControl(data, remembers: true);
        await using var server = new Served(null, data, faults.Variables);
        foreach (var (point, passing, ending) in s_ends)
        {
            faults.Arm(point, passing, ending, FaultControl.Worst);
            server.Launch();
            await Until.HoldsAsync(
                async () => server.Process.HasExited || await server.ReadinessAsync() == 200,
                Served.Patience,
                () => server.Process.Transcript
            );
            Assert.True(faults.Fired == point, $"{point}: {server.Process.Transcript}");
            await server.Process.DisposeAsync();
            faults.Disarm();
        }

        await server.StartAsync();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var key = await server.CreateTenantAsync("acme", receiver.Url);
        (await server.PostAsync("/v1/events", key, "{}")).Require(201);
        using var patience = new CancellationTokenSource(Served.Patience);
        await receiver.WaitForRequestAsync(patience.Token);
    }

    public void Dispose() => _directory.Dispose();
}
