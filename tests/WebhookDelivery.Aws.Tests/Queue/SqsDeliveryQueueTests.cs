using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>The laws of the port, kept by SQS and DynamoDB: every wait goes through `due-index`.</summary>
public sealed class SqsDeliveryQueueTests : DeliveryQueueContract
{
    protected override async ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time)
    {
        var tables = await AwsTables.CreateAsync();
        var shards = new EventShards(tables.Dynamo, tables.Options, time);
        var events = new DynamoEventStore(
            tables.Dynamo,
            tables.S3,
            shards,
            time,
            tables.Options,
            NullLogger<DynamoEventStore>.Instance
        );
        var tenants = new DynamoTenantStore(tables.Dynamo, tables.Options, shards);
        var parts = new QueueParts(tables.Dynamo, tables.Sqs, tables.Options, time);
        return new AwsContractEngine(tables, events, tenants, parts.Queue);
    }
}
