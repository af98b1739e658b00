using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Contracts;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class AwsTenantStoreTests : TenantStoreContract
{
    protected override async ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time)
    {
        var tables = await AwsTables.CreateAsync();
        var shards = new EventShards(tables.Dynamo, tables.Options, time);
        var tenants = new DynamoTenantStore(tables.Dynamo, tables.Options, shards);
        var events = new DynamoEventStore(
            tables.Dynamo,
            tables.S3,
            shards,
            time,
            tables.Options,
            NullLogger<DynamoEventStore>.Instance
        );
        return new AwsContractEngine(tables, events, tenants, null);
    }
}
