using WebhookDelivery.Contracts;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Simulation.Tests;

// The model must be no easier than the engines: it keeps the same contracts.
public sealed class EmbeddedEventStoreTests : EventStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: false));
}

public sealed class LeasedEventStoreTests : EventStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: true));
}

public sealed class SimulatedTenantStoreTests : TenantStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: false));
}

public sealed class EmbeddedQueueTests : DeliveryQueueContract
{
    protected override TimeSpan Quiet => TimeSpan.FromMilliseconds(50);

    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: false));
}

public sealed class LeasedQueueTests : DeliveryQueueContract
{
    protected override TimeSpan Quiet => TimeSpan.FromMilliseconds(50);

    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: true));
}
