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

public sealed class SimulatedStatisticsStoreTests : StatisticsStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: false));
}

public sealed class SimulatedRecoveryStoreTests : RecoveryStoreContract
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

public sealed class EmbeddedQueueOfSmallWindowsTests : DeliveryQueueContract
{
    protected override TimeSpan Quiet => TimeSpan.FromMilliseconds(50);

    // As much as the contract leaves without an outcome at once, and no more.
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: false, windowMax: 2));
}

public sealed class LeasedQueueTests : DeliveryQueueContract
{
    protected override TimeSpan Quiet => TimeSpan.FromMilliseconds(50);

    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SimulatedContractEngine(time, leased: true));
}
