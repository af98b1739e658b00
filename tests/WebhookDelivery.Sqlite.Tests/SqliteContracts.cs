using WebhookDelivery.Contracts;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class SqliteEventStoreTests : EventStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SqliteContractEngine(time));
}

public sealed class SqliteTenantStoreTests : TenantStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SqliteContractEngine(time));
}

public sealed class SqliteStatisticsStoreTests : StatisticsStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SqliteContractEngine(time));
}

public sealed class SqliteRecoveryStoreTests : RecoveryStoreContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SqliteContractEngine(time));
}

public sealed class SqliteDeliveryQueueTests : DeliveryQueueContract
{
    protected override ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time) =>
        new(new SqliteContractEngine(time));
}
