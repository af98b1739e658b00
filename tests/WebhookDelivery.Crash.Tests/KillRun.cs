using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>A server under load that is killed by plan and started again, and its books.</summary>
internal sealed class KillRun : IAsyncDisposable
{
    /// <summary>
    /// How long a point is waited for. One that nobody passes meanwhile, since no checkpoint was due
    /// say, gives way to a signal from outside.
    /// </summary>
    private static readonly TimeSpan s_pointPatience = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory;
    private readonly SortedDictionary<string, int> _kills = new(StringComparer.Ordinal);

    private KillRun(TemporaryDirectory directory, FaultControl faults, Served server)
    {
        _directory = directory;
        Faults = faults;
        Server = server;
    }

    public Served Server { get; }

    public FaultControl Faults { get; }

    public Traffic Traffic { get; private set; } = null!;

    /// <summary>Kills made so far, at points and from outside.</summary>
    public int Kills => _kills.Values.Sum();

    /// <summary>Those that were made where the plan said.</summary>
    public int KillsAtPoints { get; private set; }

    /// <summary>Each kind of kill, and how many were made.</summary>
    public string KillsByName =>
        string.Join(", ", _kills.Select(kill => $"{kill.Key} {kill.Value}"));

    /// <summary>Starts a server whose power can be cut, and makes tenants.</summary>
    /// <param name="seed">Of the traffic.</param>
    /// <param name="retries">How often a delivery is retried; many, so that none dies.</param>
    public static async Task<KillRun> StartAsync(int seed, int retries = 20)
    {
        var directory = new TemporaryDirectory();
        var data = Path.Combine(directory.Path, "data");
        var faults = new FaultControl(data, remembers: true);
        var server = new Served(
            new Dictionary<string, string>
            {
                ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", retries)),
            },
            data,
            faults.Variables
        );
        var run = new KillRun(directory, faults, server);
        try
        {
            await server.StartAsync();
            run.Traffic = await Traffic.CreateAsync(server, 4, seed, failEvery: 7);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the server by plan, and starts it again.</summary>
    /// <param name="kill">How.</param>
    /// <param name="acceptedBefore">
    /// How many more events it has to accept first; 0 if it may be unable to.
    /// </param>
    public async Task KillAsync(PlannedKill kill, int acceptedBefore)
    {
        if (acceptedBefore > 0)
        {
            await AcceptedAsync(acceptedBefore);
        }

        if (kill.Moment == LifeMoment.Start)
        {
            // A server ends so that another starts, which is the one that is meant.
            await Server.Process.KillAsync();
            await LaunchAgainAsync(kill);
        }
        else
        {
            await Task.Delay(kill.DelayMs);
            Arm(kill);
        }

        if (kill.Moment == LifeMoment.Stop)
        {
            Server.Process.Signal(ServerProcess.Terminate);
        }

        await EndAsync(kill);
        await LaunchAgainAsync(null);
    }

    /// <summary>Waits until it ends of its own accord, saying why, and starts it again.</summary>
    public async Task EndedByItselfAsync(string reason)
    {
        await Until.HoldsAsync(
            () => ValueTask.FromResult(Server.Process.HasExited),
            Served.Patience,
            () => $"it still runs: {Server.Process.Transcript}"
        );
        Assert.Contains(reason, Server.Process.Transcript, StringComparison.OrdinalIgnoreCase);
        await LaunchAgainAsync(null);
    }

    /// <summary>Waits until it has accepted more events than it has by now.</summary>
    public async Task AcceptedAsync(int more)
    {
        await Server.WaitUntilReadyAsync();
        var enough = Traffic.Ledger.Accepted + more;
        await Until.HoldsAsync(
            () => ValueTask.FromResult(Traffic.Ledger.Accepted >= enough),
            Served.Patience,
            () => $"{Traffic.Ledger.Accepted} accepted: {Server.Process.Transcript}"
        );
    }

    /// <summary>Events that have an open delivery.</summary>
    public async Task<int> OpenAsync()
    {
        var open = 0;
        foreach (var key in Traffic.TenantKeys)
        {
            open += (await Server.ListAsync(key, "PENDING")).Count;
            open += (await Server.ListAsync(key, "FAILED")).Count;
        }

        return open;
    }

    public async ValueTask DisposeAsync()
    {
        if (Traffic is not null)
        {
            await Traffic.DisposeAsync();
        }

        await Server.DisposeAsync();
        Faults.Dispose();
        _directory.Dispose();
    }

    private async Task LaunchAgainAsync(PlannedKill? kill)
    {
        await Server.Process.DisposeAsync();
        Faults.Disarm();
        Faults.Mend();
        if (kill is not null)
        {
            Arm(kill);
        }

        Server.Launch();
    }

    private void Arm(PlannedKill kill)
    {
        if (kill.Point != CrashPoint.None)
        {
            Faults.Arm(kill.Point, kill.Passing, kill.Ending, kill.Seed);
        }
    }

    private async Task EndAsync(PlannedKill kill)
    {
        if (kill.Point == CrashPoint.None)
        {
            await Task.Delay(kill.DelayMs);
        }
        else
        {
            await WaitForEndAsync();
        }

        var ended = Server.Process.HasExited;
        if (!ended)
        {
            await Server.Process.KillAsync();
        }

        var reached = Faults.Fired != CrashPoint.None;
        if (ended && !reached && kill.Moment != LifeMoment.Stop)
        {
            throw new InvalidOperationException(
                $"serve ended by itself before {kill}: {Server.Process.Transcript}"
            );
        }

        // A stop that passed no such point has ended in peace: no kill.
        if (reached || !ended)
        {
            var name = reached || kill.Point == CrashPoint.None ? kill.Name : $"{kill.Name} missed";
            _kills[name] = _kills.GetValueOrDefault(name) + 1;
            KillsAtPoints += reached ? 1 : 0;
        }
    }

    private async Task WaitForEndAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (!Server.Process.HasExited && Stopwatch.GetElapsedTime(start) < s_pointPatience)
        {
            await Task.Delay(10);
        }
    }
}
