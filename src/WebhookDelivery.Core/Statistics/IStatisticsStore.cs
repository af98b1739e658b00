namespace WebhookDelivery.Core;

/// <summary>
/// Port: what happened, by hour. Thread-safe. Every member may throw
/// <see cref="StoreUnavailableException"/>. What is here goes with its tenant
/// (<see cref="IEventStore.EraseAsync"/>) and with time (<see cref="Retention.Statistics"/>).
/// </summary>
public interface IStatisticsStore
{
    /// <summary>
    /// Adds counts to those of an hour. Many processes may add to the same hour at once. Not
    /// idempotent: if it threw, it may have happened all the same.
    /// </summary>
    ValueTask AddAsync(HourKey key, HourCounts counts, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the hours that there are counts of, oldest first. The work is by the hours asked for,
    /// however much else there is.
    /// </summary>
    ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    );
}
