using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The port to statistics, over a link that may fail.</summary>
internal sealed class SimulatedStatisticsStore(EventTable events, IStoreLink link)
    : IStatisticsStore
{
    public async ValueTask AddAsync(
        HourKey key,
        HourCounts counts,
        CancellationToken cancellationToken
    ) =>
        await link.CallAsync(
            "count",
            key.TenantId,
            () =>
            {
                events.Statistics.Add(key, counts);
                return true;
            }
        );

    public ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    ) => link.CallAsync("read-counts", query.TenantId, () => events.Statistics.Read(query));
}
