using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The simulated ports, over links that never fail.</summary>
internal sealed class SimulatedContractEngine : ContractEngine
{
    public SimulatedContractEngine(TimeProvider time, bool leased, int windowMax = 100)
    {
        var link = new DirectLink();
        var events = new EventTable(settlesAtOnce: !leased);
        var start = time.GetTimestamp();
        Events = new SimulatedEventStore(events, link, carriesPayloads: leased);
        Statistics = new SimulatedStatisticsStore(events, link);
        var tenants = new TenantTable();
        Tenants = new SimulatedTenantStore(tenants, link);
        Recoveries = new SimulatedRecoveryStore(tenants.Recoveries, link);
        Queue = leased
            ? new LeasedQueue(
                new MessageBoard(
                    () => time.GetElapsedTime(start),
                    TimeSpan.FromHours(2),
                    static () => false
                ),
                events,
                link,
                time
            )
            : new EmbeddedQueue(events, link, time, windowMax);
    }

    public override IEventStore Events { get; }

    public override ITenantStore Tenants { get; }

    public override IRecoveryStore Recoveries { get; }

    public override IDeliveryQueue Queue { get; }

    public override IStatisticsStore Statistics { get; }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
