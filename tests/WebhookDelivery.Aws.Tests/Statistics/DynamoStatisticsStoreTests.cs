using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Contracts;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DynamoStatisticsStoreTests : StatisticsStoreContract
{
    protected override async ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time)
    {
        var tables = await AwsTables.CreateAsync();
        var shards = new EventShards(tables.Dynamo, tables.Options, time);
        return new AwsContractEngine(
            tables,
            new DynamoEventStore(
                tables.Dynamo,
                tables.S3,
                shards,
                time,
                tables.Options,
                NullLogger<DynamoEventStore>.Instance
            ),
            new DynamoTenantStore(tables.Dynamo, tables.Options, shards),
            null,
            new DynamoStatisticsStore(tables.Dynamo, time, tables.Options)
        );
    }
}
