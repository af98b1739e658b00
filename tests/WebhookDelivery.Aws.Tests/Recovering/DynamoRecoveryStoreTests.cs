using WebhookDelivery.Contracts;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DynamoRecoveryStoreTests : RecoveryStoreContract
{
    protected override async ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time)
    {
        var tables = await AwsTables.CreateAsync();
        var shards = new EventShards(tables.Dynamo, tables.Options, time);
        var tenants = new DynamoTenantStore(tables.Dynamo, tables.Options, shards);
        return new AwsContractEngine(tables, null, tenants, null);
    }
}
