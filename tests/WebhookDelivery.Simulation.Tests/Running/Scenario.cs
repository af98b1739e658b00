using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What a seed makes of a run: how Core is put to work, what is asked of it, what goes wrong.</summary>
internal sealed record Scenario
{
    public required EngineKind Engine { get; init; }

    /// <summary>Only receivers misbehave, and there is room for all of them: for what may be asked then.</summary>
    public required bool IsCalm { get; init; }

    public required int Processes { get; init; }

    public required int Tenants { get; init; }

    /// <summary>People who act at once, and how often each does.</summary>
    public required int Clients { get; init; }

    public required int ActionsPerClient { get; init; }

    /// <summary>The longest pause between two actions.</summary>
    public required TimeSpan PauseMax { get; init; }

    /// <summary>Chance that a call of the store is refused, loses its answer, or hangs.</summary>
    public required double FaultChance { get; init; }

    /// <summary>Times at which the store refuses everything, or everything of one tenant.</summary>
    public required int Outages { get; init; }

    public required int Kills { get; init; }

    public required int Stops { get; init; }

    public required int ClockJumps { get; init; }

    /// <summary>How far the processes' clocks differ at most.</summary>
    public required TimeSpan SkewMax { get; init; }

    /// <summary>How long a claim lasts on a queue with leases; a batch gets three quarters of it.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Deliveries of an endpoint that the embedded queue holds in memory.</summary>
    public required int WindowMax { get; init; }

    public required WebhookDeliveryOptions Options { get; init; }

    public bool IsLeased => Engine != EngineKind.Embedded;

    public static Scenario Of(Random random)
    {
        var engine = random.Next(8) switch
        {
            < 5 => EngineKind.Embedded,
            < 7 => EngineKind.Leased,
            _ => EngineKind.Batch,
        };
        var calm = engine == EngineKind.Embedded && random.Next(4) == 0;
        var rough = !calm && random.Next(4) > 0;
        return new Scenario
        {
            Engine = engine,
            IsCalm = calm,
            Processes = engine == EngineKind.Embedded ? 1 : random.Next(1, 3),
            Tenants = random.Next(2, 4),
            Clients = random.Next(1, 5),
            ActionsPerClient = random.Next(4, 15),
            PauseMax = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 30_000 : 3000),
            FaultChance = rough ? random.Next(4) * 0.03 : 0,
            Outages = rough ? random.Next(3) : 0,
            Kills = calm ? 0 : random.Next(3),
            Stops = calm ? 0 : random.Next(2),
            ClockJumps = !calm && random.Next(4) == 0 ? random.Next(1, 3) : 0,
            SkewMax =
                engine == EngineKind.Embedded
                    ? TimeSpan.Zero
                    : TimeSpan.FromMilliseconds(random.Next(2000)),
            Lease = TimeSpan.FromMinutes(random.Next(1, 4)),
            WindowMax = random.Next(2) == 0 ? 1000 : random.Next(1, 5),
            Options = new WebhookDeliveryOptions
            {
                Delivery = calm ? Roomy() : Tight(random),
                Health = calm ? new EndpointHealthOptions() : Impatient(random),
                Directory = new TenantDirectoryOptions
                {
                    CacheFor =
                        engine == EngineKind.Embedded
                            ? Timeout.InfiniteTimeSpan
                            : TimeSpan.FromSeconds(10),
                },
                Sweeper = new SweeperOptions
                {
                    BatchSize = random.Next(1, 6),
                    // More than the calls of one request take, each of which may hang.
                    BacklogGrace = TimeSpan.FromSeconds(90),
                    RemovalDelay = TimeSpan.FromMinutes(2),
                },
            },
        };
    }

    private static DeliveryOptions Roomy() =>
        new()
        {
            RetrySchedule = RetrySchedule.Parse(["1s", "10s", "30s"], out _)!,
            MaxInFlightPerTenant = 16,
        };

    private static EndpointHealthOptions Impatient(Random random) =>
        new()
        {
            FailuresInARow = random.Next(1, 5),
            FailingAfter = TimeSpan.FromSeconds(random.Next(10)),
            DisableAfter = TimeSpan.FromSeconds(
                random.Next(4) switch
                {
                    0 => 0,
                    1 => random.Next(60, 300),
                    _ => random.Next(5, 60),
                }
            ),
            StreaksMax = random.Next(4) == 0 ? 2 : 100_000,
        };

    private static DeliveryOptions Tight(Random random) =>
        new()
        {
            RetrySchedule = RetrySchedule.Parse(["2s", "5s"], out _)!,
            Timeout = TimeSpan.FromSeconds(random.Next(1, 16)),
            MaxInFlight = random.Next(1, 12),
            MaxInFlightPerTenant = random.Next(1, 7),
            MaxInFlightPerEndpoint = random.Next(1, 4),
            SettlingMax = random.Next(1, 9),
            HeldMax = random.Next(4, 65),
            LeasedPerEndpointMax = random.Next(1, 9),
            DrainTimeout = TimeSpan.FromSeconds(random.Next(1, 7)),
        };
}
