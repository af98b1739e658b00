using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Statistics as they are committed. Each member is one moment.</summary>
internal sealed class StatisticsTable
{
    private readonly SortedDictionary<
        (string Tenant, string Endpoint, long Hour),
        CountedHour
    > _hours = [];

    public void Add(HourKey key, HourCounts counts)
    {
        var row = (key.TenantId.Value, Name(key.EndpointId), key.Hour.UtcTicks);
        if (!_hours.TryGetValue(row, out var known))
        {
            known = new CountedHour(key.Hour, new HourCounts());
            _hours.Add(row, known);
        }

        known.Counts.Add(counts);
    }

    /// <summary>Copies, oldest first.</summary>
    public IReadOnlyList<CountedHour> Read(StatisticsQuery query) =>
        [
            .. _hours
                .Where(each =>
                    each.Key.Tenant == query.TenantId.Value
                    && each.Key.Endpoint == Name(query.EndpointId)
                    && each.Value.Hour >= query.Since
                    && each.Value.Hour < query.Until
                )
                .Select(each => Copy(each.Value)),
        ];

    /// <summary>Deletes hours that began by the time; returns how many.</summary>
    public int DeleteUntil(DateTimeOffset time, int limit) =>
        Delete(_hours.Where(each => each.Value.Hour <= time).Take(limit));

    /// <summary>Deletes some of a tenant's hours; returns how many.</summary>
    public int Delete(TenantId tenant, int limit) =>
        Delete(_hours.Where(each => each.Key.Tenant == tenant.Value).Take(limit));

    private int Delete(
        IEnumerable<KeyValuePair<(string Tenant, string Endpoint, long Hour), CountedHour>> which
    )
    {
        var gone = which.Select(each => each.Key).ToList();
        gone.ForEach(each => _hours.Remove(each));
        return gone.Count;
    }

    private static CountedHour Copy(CountedHour hour)
    {
        var counts = new HourCounts();
        counts.Add(hour.Counts);
        return hour with { Counts = counts };
    }

    private static string Name(EndpointId? endpoint) => endpoint?.ToString() ?? "";
}
