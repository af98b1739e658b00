using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>The AWS engine over tables, queues and a bucket that are there for one test.</summary>
/// <param name="tables">Those; disposed with the engine.</param>
/// <param name="events">The event store; null where the suite needs none.</param>
/// <param name="tenants">The tenant store; null where the suite needs none.</param>
/// <param name="queue">The queue; null where the suite needs none. Disposed with the engine.</param>
/// <param name="statistics">The store of statistics; null where the suite needs none.</param>
internal sealed class AwsContractEngine(
    AwsTables tables,
    IEventStore? events,
    ITenantStore? tenants,
    IDeliveryQueue? queue,
    IStatisticsStore? statistics = null
) : ContractEngine
{
    public override IEventStore Events => events ?? throw Absent();

    public override ITenantStore Tenants => tenants ?? throw Absent();

    public override IRecoveryStore Recoveries { get; } =
        new DynamoRecoveryStore(tables.Dynamo, tables.Options);

    public override IDeliveryQueue Queue => queue ?? throw Absent();

    public override IStatisticsStore Statistics => statistics ?? throw Absent();

    public override async ValueTask DisposeAsync()
    {
        if (queue is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        await tables.DisposeAsync();
    }

    private static InvalidOperationException Absent() =>
        new("This suite's engine was made without the port that it asks for.");
}
