namespace WebhookDelivery.Core;

/// <summary>
/// Reads statistics as they are now: what is stored, and what this process has counted since. Thread-safe.
/// </summary>
public sealed class StatisticsReader(
    DeliveryStatistics statistics,
    StatisticsFlusher flusher,
    IStatisticsStore store
)
{
    /// <summary>The hours that something happened in, oldest first.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    )
    {
        // What goes into the store while it is read would count twice, or not at all. Mostly nothing
        // does; where it did, once more, and no flush may begin meanwhile.
        var before = statistics.Version;
        var read = await ReadOnceAsync(query, cancellationToken);
        return IsStill(before)
            ? read
            : await flusher.BetweenFlushesAsync(
                () => ReadOnceAsync(query, cancellationToken),
                cancellationToken
            );
    }

    private bool IsStill(long before) => before % 2 == 0 && statistics.Version == before;

    private async ValueTask<IReadOnlyList<CountedHour>> ReadOnceAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    )
    {
        var hours = new SortedDictionary<DateTimeOffset, HourCounts>();
        statistics.AddPending(query, hours);
        foreach (var (hour, counts) in await store.ReadAsync(query, cancellationToken))
        {
            if (hours.TryGetValue(hour, out var pending))
            {
                pending.Add(counts);
            }
            else
            {
                hours.Add(hour, counts);
            }
        }

        return [.. hours.Select(each => new CountedHour(each.Key, each.Value))];
    }
}
