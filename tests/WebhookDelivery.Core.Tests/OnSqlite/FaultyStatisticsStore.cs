namespace WebhookDelivery.Core.Tests;

/// <summary>The real store of statistics, with outages put in front of it.</summary>
internal sealed class FaultyStatisticsStore(IStatisticsStore inner) : IStatisticsStore
{
    /// <summary>Which additions find the store unavailable.</summary>
    public Func<HourKey, bool> Refuses { get; set; } = static _ => false;

    /// <summary>What additions wait for before they are stored.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many additions came.</summary>
    public int Adds { get; private set; }

    public async ValueTask AddAsync(
        HourKey key,
        HourCounts counts,
        CancellationToken cancellationToken
    )
    {
        Adds++;
        if (Refuses(key))
        {
            throw new StoreUnavailableException("The test says so.");
        }

        await Gate.WaitAsync(cancellationToken);
        await inner.AddAsync(key, counts, cancellationToken);
    }

    public ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        StatisticsQuery query,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(query, cancellationToken);
}
