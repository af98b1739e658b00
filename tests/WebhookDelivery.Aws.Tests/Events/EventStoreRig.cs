using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// What the tests of the event store's own ways share: the store, reached through a proxy that can
/// fail, and the table, read around it.
/// </summary>
public abstract class EventStoreRig : PortContract
{
    private AmazonDynamoDBClient? _proxied;

    /// <summary>How often the SDK tries again by itself.</summary>
    protected virtual int SdkRetries => 0;

    private protected AwsTables Tables { get; private set; } = null!;

    private protected FaultProxy Proxy { get; private set; } = null!;

    private protected EventShards Shards { get; private set; } = null!;

    private protected EventItems Items { get; private set; } = null!;

    private protected AwsEngineOptions Options => Tables.Options;

    protected override async ValueTask<ContractEngine> CreateEngineAsync(ManualTimeProvider time)
    {
        Tables = await AwsTables.CreateAsync();
        Proxy = await FaultProxy.StartAsync((await AwsEmulators.Shared).DynamoDbUrl);
        _proxied = Tables.CreateDynamo(config =>
        {
            config.ServiceURL = Proxy.Url;
            config.MaxErrorRetry = SdkRetries;
        });
        Shards = new EventShards(Tables.Dynamo, Options, time);
        Items = new EventItems(_proxied, Options);
        var events = new DynamoEventStore(
            _proxied,
            Tables.S3,
            Shards,
            time,
            Options,
            NullLogger<DynamoEventStore>.Instance
        );
        var tenants = new DynamoTenantStore(Tables.Dynamo, Options, Shards);
        var statistics = new DynamoStatisticsStore(_proxied, time, Options);
        return new RiggedEngine(
            new AwsContractEngine(Tables, events, tenants, null, statistics),
            this
        );
    }

    /// <summary>Makes a call and says which operations it took, one name for each request.</summary>
    private protected async Task<IReadOnlyList<string>> OperationsOfAsync(Func<Task> call)
    {
        var before = Proxy.Requests.Count;
        await call();
        return [.. Proxy.Requests.Skip(before).Select(request => request.Operation)];
    }

    /// <summary>A delivery's item; null if it has none.</summary>
    private protected async Task<Dictionary<string, AttributeValue>?> ItemAsync(DeliveryKey key) =>
        await ItemAsync(
            ItemKeys.Of(
                (await Shards.FindAsync(key.TenantId, None)).PartitionOf(key.TenantId, key.EventId),
                key
            )
        );

    /// <summary>An event's item; null if there is none.</summary>
    private protected async Task<Dictionary<string, AttributeValue>?> ItemAsync(
        TenantId tenant,
        EventId eventId
    ) =>
        await ItemAsync(
            ItemKeys.Of(
                (await Shards.FindAsync(tenant, None)).PartitionOf(tenant, eventId),
                eventId
            )
        );

    /// <summary>Everything that is in the table.</summary>
    private protected async Task<List<Dictionary<string, AttributeValue>>> ScanAsync()
    {
        var found = new List<Dictionary<string, AttributeValue>>();
        var request = new ScanRequest { TableName = Options.EventsTable };
        do
        {
            var page = await Tables.Dynamo.ScanAsync(request, None);
            found.AddRange(page.Items ?? []);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });

        return found;
    }

    private async Task<Dictionary<string, AttributeValue>?> ItemAsync(
        Dictionary<string, AttributeValue> key
    )
    {
        var answer = await Tables.Dynamo.GetItemAsync(Options.EventsTable, key, None);
        return DynamoItem.IsFound(answer.Item) ? answer.Item : null;
    }

    private sealed class RiggedEngine(ContractEngine engine, EventStoreRig rig) : ContractEngine
    {
        public override IEventStore Events => engine.Events;

        public override ITenantStore Tenants => engine.Tenants;

        public override IRecoveryStore Recoveries => engine.Recoveries;

        public override IDeliveryQueue Queue => engine.Queue;

        public override IStatisticsStore Statistics => engine.Statistics;

        public override async ValueTask DisposeAsync()
        {
            rig._proxied!.Dispose();
            await rig.Proxy.DisposeAsync();
            await engine.DisposeAsync();
        }
    }
}
