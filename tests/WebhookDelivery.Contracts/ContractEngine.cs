using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>An engine under test: its ports, and how to be rid of it.</summary>
public abstract class ContractEngine : IAsyncDisposable
{
    public abstract IEventStore Events { get; }

    public abstract ITenantStore Tenants { get; }

    public abstract IRecoveryStore Recoveries { get; }

    public abstract IDeliveryQueue Queue { get; }

    public abstract IStatisticsStore Statistics { get; }

    public abstract ValueTask DisposeAsync();
}
