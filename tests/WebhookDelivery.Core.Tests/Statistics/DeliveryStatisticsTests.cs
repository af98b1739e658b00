namespace WebhookDelivery.Core.Tests;

public sealed class DeliveryStatisticsTests
{
    private static readonly DateTimeOffset s_hour = HourKey.HourOf(Sample.Now);

    [Fact]
    public void Attempted_AgainInItsHour_AllocatesNothing()
    {
        var statistics = new DeliveryStatistics(new StatisticsOptions());
        var attempt = Attempt(1, ReasonCode.Delivered, 200);
        Count(statistics, attempt, 10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(statistics, attempt, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void BeginFlush_AfterAllKinds_HasThemByEndpointAndForTheTenant()
    {
        var statistics = new DeliveryStatistics(new StatisticsOptions());
        statistics.Accepted(Sample.Tenant, Sample.Now);
        statistics.Created(Sample.EndpointKey(1), Sample.Now);
        statistics.Created(Sample.EndpointKey(2), Sample.Now);
        statistics.Attempted(Attempt(1, ReasonCode.Delivered, 200), DeliveryStatus.Delivered);
        statistics.Attempted(Attempt(2, ReasonCode.HttpStatus, 500), DeliveryStatus.Failed);
        statistics.Attempted(Attempt(2, ReasonCode.Timeout, null), DeliveryStatus.DeadLetter);
        statistics.Attempted(Attempt(2, ReasonCode.Delivered, 200), moved: null);
        statistics.SetAside(Sample.EndpointKey(1), DeliveryStatus.Parked, 1, Sample.Now);
        statistics.SetAside(Sample.EndpointKey(1), DeliveryStatus.Cancelled, 3, Sample.Now);

        var taken = statistics.BeginFlush().ToDictionary();
        Assert.Equal(3, taken.Count);
        var first = taken[Key(1)];
        Assert.Equal((0, 1, 1, 0, 1, 3), Counts(first));
        Assert.Equal([(ReasonCode.Delivered, 1L)], first.Attempts.Counts);
        var second = taken[Key(2)];
        Assert.Equal((0, 1, 0, 1, 0, 0), Counts(second));
        Assert.Equal(
            [(ReasonCode.Delivered, 1L), (ReasonCode.HttpStatus, 1L), (ReasonCode.Timeout, 1L)],
            second.Attempts.Counts
        );
        Assert.Equal(2, second.Latency.Count);
        var tenant = taken[new HourKey(Sample.Tenant, null, s_hour)];
        Assert.Equal((1, 2, 1, 1, 1, 3), Counts(tenant));
        Assert.Equal((4, 3), (tenant.Attempts.Total, tenant.Latency.Count));
    }

    [Fact]
    public void Attempted_OverTheTurnOfAnHour_CountsWhereItEnded()
    {
        var statistics = new DeliveryStatistics(new StatisticsOptions());
        var attempt = Attempt(1, ReasonCode.Delivered, 200) with
        {
            StartedAt = s_hour.AddHours(1).AddMilliseconds(-1),
        };
        statistics.Attempted(attempt, DeliveryStatus.Delivered);
        Assert.All(
            statistics.BeginFlush(),
            each => Assert.Equal(s_hour.AddHours(1), each.Key.Hour)
        );
    }

    [Fact]
    public void EndFlush_OfWhatFailed_ComesWithTheNextFlushOnce()
    {
        var statistics = new DeliveryStatistics(new StatisticsOptions());
        statistics.Attempted(Attempt(1, ReasonCode.Delivered, 200), DeliveryStatus.Delivered);
        statistics.EndFlush(statistics.BeginFlush().Where(each => each.Key.EndpointId is null));
        statistics.Attempted(Attempt(1, ReasonCode.Delivered, 200), DeliveryStatus.Delivered);

        // The endpoint's first attempt is stored; the tenant's is not.
        var taken = statistics.BeginFlush().ToDictionary();
        Assert.Equal(1, taken[Key(1)].Delivered);
        Assert.Equal(2, taken[new HourKey(Sample.Tenant, null, s_hour)].Delivered);
        statistics.EndFlush([]);
        Assert.Empty(statistics.BeginFlush());
    }

    [Fact]
    public void TellWhenFull_AtTheLimit_IsTold()
    {
        var statistics = new DeliveryStatistics(new StatisticsOptions { EntriesMax = 3 });
        var full = new TaskCompletionSource();
        statistics.TellWhenFull(full);
        statistics.Created(Sample.EndpointKey(1), Sample.Now);
        statistics.Created(Sample.EndpointKey(2), Sample.Now);
        statistics.Created(Sample.EndpointKey(2), Sample.Now);
        Assert.False(full.Task.IsCompleted);

        statistics.Created(Sample.EndpointKey(3), Sample.Now);
        Assert.True(full.Task.IsCompleted);
        statistics.BeginFlush();
        Assert.False(statistics.IsFull);
    }

    [Fact]
    public async Task Attempted_OfManyThreadsBesideFlushes_IsCountedOnce()
    {
        const int threads = 8;
        const int attempts = 20_000;
        var statistics = new DeliveryStatistics(new StatisticsOptions());
        var counting = Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(thread =>
                    Task.Run(
                        () =>
                            Count(
                                statistics,
                                Attempt(thread % 3, ReasonCode.Delivered, 200),
                                attempts
                            ),
                        TestContext.Current.CancellationToken
                    )
                )
        );
        var sums = new Dictionary<HourKey, HourCounts>();
        do
        {
            Flush(statistics, sums);
        } while (!counting.IsCompleted);
        await counting;
        Flush(statistics, sums);

        var tenant = sums[new HourKey(Sample.Tenant, null, s_hour)];
        Assert.Equal(threads * attempts, tenant.Delivered);
        Assert.Equal(threads * attempts, tenant.Latency.Count);
        Assert.Equal(
            threads * attempts,
            sums.Where(each => each.Key.EndpointId is not null).Sum(each => each.Value.Delivered)
        );
    }

    private static void Flush(DeliveryStatistics statistics, Dictionary<HourKey, HourCounts> sums)
    {
        foreach (var (key, counts) in statistics.BeginFlush())
        {
            sums.TryAdd(key, new HourCounts());
            sums[key].Add(counts);
        }

        statistics.EndFlush([]);
    }

    private static void Count(DeliveryStatistics statistics, Attempt attempt, int times)
    {
        for (var i = 0; i < times; i++)
        {
            statistics.Accepted(attempt.Key.TenantId, attempt.StartedAt);
            statistics.Created(attempt.Key.Endpoint, attempt.StartedAt);
            statistics.Attempted(attempt, DeliveryStatus.Delivered);
        }
    }

    private static HourKey Key(int endpoint) =>
        new(Sample.Tenant, Sample.EndpointId(endpoint), s_hour);

    private static (long, long, long, long, long, long) Counts(HourCounts counts) =>
        (
            counts.Accepted,
            counts.Deliveries,
            counts.Delivered,
            counts.DeadLettered,
            counts.Parked,
            counts.Cancelled
        );

    private static Attempt Attempt(int endpoint, ReasonCode reason, int? status) =>
        new()
        {
            Key = new DeliveryKey(Sample.Tenant, Sample.EventId(1), Sample.EndpointId(endpoint)),
            Generation = 1,
            Number = 1,
            StartedAt = Sample.Now,
            EndpointVersion = 1,
            Outcome = new AttemptOutcome
            {
                Reason = reason,
                StatusCode = status,
                Duration = TimeSpan.FromMilliseconds(5),
            },
        };
}
