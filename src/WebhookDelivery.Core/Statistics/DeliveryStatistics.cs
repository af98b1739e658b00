using System.Runtime.InteropServices;

namespace WebhookDelivery.Core;

/// <summary>
/// Counts what happens, by hour, in memory: <see cref="StatisticsFlusher"/> stores it every few
/// seconds. Thread-safe. To count costs a lock and a look-up, and allocates only with the first of an
/// endpoint since counts were stored.
/// </summary>
/// <remarks>
/// What is counted is in one of three places: in the stripes since the last flush; with the flush that
/// is under way; or owed, where storing it failed. A tenant's counts are made of its endpoints' when a
/// flush begins, so that an attempt is counted once.
/// </remarks>
public sealed class DeliveryStatistics
{
    private const int Stripes = 16;

    private readonly Stripe[] _stripes =
    [
        .. Enumerable.Range(0, Stripes).Select(_ => new Stripe()),
    ];
    private readonly StatisticsOptions _options;
    private readonly Lock _owedLock = new();
    private readonly Dictionary<HourKey, HourCounts> _owed = [];
    private TaskCompletionSource? _full;
    private int _entries;
    private long _version;

    /// <summary>Makes it, with nothing counted.</summary>
    public DeliveryStatistics(StatisticsOptions options) => _options = options;

    /// <summary>Whether counts are to be stored before their time.</summary>
    internal bool IsFull => Volatile.Read(ref _entries) >= _options.EntriesMax;

    /// <summary>
    /// Grows by one as a flush begins and as it ends: odd while one is under way. Who sees the same even
    /// number before and after knows that nothing went from memory into the store meanwhile.
    /// </summary>
    internal long Version => Volatile.Read(ref _version);

    /// <summary>Counts an event that a tenant's own system posted.</summary>
    public void Accepted(TenantId tenant, DateTimeOffset at)
    {
        var key = new HourKey(tenant, null, HourKey.HourOf(at));
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            Find(stripe, key).Accepted++;
        }
    }

    /// <summary>Counts a delivery that came into being.</summary>
    public void Created(EndpointKey endpoint, DateTimeOffset at)
    {
        var key = new HourKey(endpoint.TenantId, endpoint.EndpointId, HourKey.HourOf(at));
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            Find(stripe, key).Deliveries++;
        }
    }

    /// <summary>Counts an attempt, in the hour in which it ended.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="moved">The status that its delivery has got by it; null if it moved nothing.</param>
    public void Attempted(Attempt attempt, DeliveryStatus? moved)
    {
        var outcome = attempt.Outcome;
        var key = new HourKey(
            attempt.Key.TenantId,
            attempt.Key.EndpointId,
            HourKey.HourOf(attempt.StartedAt + outcome.Duration)
        );
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            var counts = Find(stripe, key);
            counts.Attempts.Add(outcome.Reason, 1);
            if (outcome.StatusCode is not null)
            {
                counts.Latency.Record(outcome.Duration);
            }

            if (moved is { } status)
            {
                counts.AddMoved(status, 1);
            }
        }
    }

    /// <summary>Counts deliveries that were parked, cancelled or dead-lettered without an attempt.</summary>
    public void SetAside(
        EndpointKey endpoint,
        DeliveryStatus status,
        int deliveries,
        DateTimeOffset at
    )
    {
        if (deliveries == 0)
        {
            return;
        }

        var key = new HourKey(endpoint.TenantId, endpoint.EndpointId, HourKey.HourOf(at));
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            Find(stripe, key).AddMoved(status, deliveries);
        }
    }

    /// <summary>Says what is to be completed when <see cref="IsFull"/> comes to be true.</summary>
    internal void TellWhenFull(TaskCompletionSource full)
    {
        Volatile.Write(ref _full, full);
        if (IsFull)
        {
            full.TrySetResult();
        }
    }

    /// <summary>
    /// Takes what is to be stored, what is owed from before included: the endpoints' counts, and their
    /// sums for the tenants. Whoever takes it gives back by <see cref="EndFlush"/> what could not be
    /// stored, and is alone between the two.
    /// </summary>
    internal IReadOnlyCollection<KeyValuePair<HourKey, HourCounts>> BeginFlush()
    {
        Interlocked.Increment(ref _version);
        var taken = new Dictionary<HourKey, HourCounts>();
        lock (_owedLock)
        {
            foreach (var (key, counts) in _owed)
            {
                taken.Add(key, counts);
            }

            _owed.Clear();
        }

        foreach (var (key, counts) in TakeStripes())
        {
            if (!taken.TryAdd(key, counts))
            {
                taken[key].Add(counts);
            }

            if (key.EndpointId is not null)
            {
                AddTo(taken, key with { EndpointId = null }, counts);
            }
        }

        return taken;
    }

    /// <summary>Takes back what could not be stored, for the next flush.</summary>
    internal void EndFlush(IEnumerable<KeyValuePair<HourKey, HourCounts>> failed)
    {
        lock (_owedLock)
        {
            foreach (var (key, counts) in failed)
            {
                _owed.Add(key, counts);
            }
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>
    /// Adds what is in memory to what was asked for. To be called while no flush is under way
    /// (<see cref="Version"/>).
    /// </summary>
    internal void AddPending(
        StatisticsQuery query,
        SortedDictionary<DateTimeOffset, HourCounts> hours
    )
    {
        lock (_owedLock)
        {
            foreach (var (key, counts) in _owed)
            {
                if (key.EndpointId == query.EndpointId && IsAsked(query, key))
                {
                    AddTo(hours, key.Hour, counts);
                }
            }
        }

        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                foreach (var (key, counts) in stripe.Counts)
                {
                    var isPart = query.EndpointId is null || key.EndpointId == query.EndpointId;
                    if (isPart && IsAsked(query, key))
                    {
                        AddTo(hours, key.Hour, counts);
                    }
                }
            }
        }
    }

    /// <summary>Adds to a sum of its own: what is added may go on counting.</summary>
    private static void AddTo<TKey>(IDictionary<TKey, HourCounts> sums, TKey key, HourCounts counts)
        where TKey : notnull
    {
        if (!sums.TryGetValue(key, out var sum))
        {
            sum = new HourCounts();
            sums.Add(key, sum);
        }

        sum.Add(counts);
    }

    private static bool IsAsked(StatisticsQuery query, HourKey key) =>
        key.TenantId == query.TenantId && key.Hour >= query.Since && key.Hour < query.Until;

    private IEnumerable<KeyValuePair<HourKey, HourCounts>> TakeStripes()
    {
        foreach (var stripe in _stripes)
        {
            Dictionary<HourKey, HourCounts> counts;
            lock (stripe.Lock)
            {
                counts = stripe.Counts;
                if (counts.Count == 0)
                {
                    continue;
                }

                stripe.Counts = [];
            }

            Interlocked.Add(ref _entries, -counts.Count);
            foreach (var each in counts)
            {
                yield return each;
            }
        }
    }

    private Stripe StripeOf(HourKey key) => _stripes[key.GetHashCode() & (Stripes - 1)];

    /// <summary>The counts of a key, within its stripe's lock.</summary>
    private HourCounts Find(Stripe stripe, HourKey key)
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(
            stripe.Counts,
            key,
            out var exists
        );
        if (!exists)
        {
            found = new HourCounts();
            if (Interlocked.Increment(ref _entries) >= _options.EntriesMax)
            {
                Volatile.Read(ref _full)?.TrySetResult();
            }
        }

        return found!;
    }

    private sealed class Stripe
    {
        public Lock Lock { get; } = new();

        public Dictionary<HourKey, HourCounts> Counts { get; set; } = [];
    }
}
