using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>What every <see cref="IStatisticsStore"/> promises.</summary>
public abstract class StatisticsStoreContract : PortContract
{
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private DateTimeOffset Hour => HourKey.HourOf(Now);

    [Fact]
    public async Task Read_OfNothing_IsEmpty()
    {
        var tenant = await AddTenantAsync();
        Assert.Empty(await ReadAsync(tenant, null));
        Assert.Empty(await ReadAsync(tenant, NewEndpointId()));
        Assert.Empty(await ReadAsync(NewTenantId(), null));
    }

    [Fact]
    public async Task Add_EveryCount_ComesBackAsItWas()
    {
        var tenant = await AddTenantAsync();
        var counts = new HourCounts
        {
            Accepted = 1,
            Deliveries = 2,
            Delivered = 3,
            DeadLettered = 4,
            Parked = 5,
            Cancelled = long.MaxValue / 4,
        };
        foreach (var reason in Enum.GetValues<ReasonCode>())
        {
            counts.Attempts.Add(reason, 10 + (int)reason);
        }

        for (var bucket = 0; bucket < LatencyHistogram.Buckets; bucket++)
        {
            counts.Latency.Add(bucket, bucket % 3 * 1_000_000L);
        }

        await AddAsync(tenant, null, Hour, counts);
        var read = Assert.Single(await ReadAsync(tenant, null));
        Assert.Equal(Hour, read.Hour);
        AssertSame(counts, read.Counts);
    }

    [Fact]
    public async Task Add_AgainToAnHour_AddsUp()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpointId();
        var (one, other) = (Delivered(20), Delivered(900));
        other.Parked = 7;
        await AddAsync(tenant, endpoint, Hour, one);
        await AddAsync(tenant, endpoint, Hour, other);
        await AddAsync(tenant, endpoint, Hour, one);

        var sum = new HourCounts();
        sum.Add(one);
        sum.Add(other);
        sum.Add(one);
        AssertSame(sum, Assert.Single(await ReadAsync(tenant, endpoint)).Counts);
    }

    [Fact]
    public async Task Add_ManyAtOnce_LosesNone()
    {
        var tenant = await AddTenantAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i => Task.Run(() => AddAsync(tenant, null, Hour, Delivered(i))))
        );
        var counts = Assert.Single(await ReadAsync(tenant, null)).Counts;
        Assert.Equal((50, 50), (counts.Delivered, counts.Attempts[ReasonCode.Delivered]));
        Assert.Equal(50, counts.Latency.Count);
    }

    [Fact]
    public async Task Read_ARange_HasItsHoursOnlyAndInOrder()
    {
        var tenant = await AddTenantAsync();
        foreach (var hours in new[] { 0, -3, -1, -2, -25, 1 })
        {
            await AddAsync(tenant, null, Hour.AddHours(hours), Delivered(1));
        }

        var read = await Statistics.ReadAsync(
            new StatisticsQuery
            {
                TenantId = tenant,
                Since = Hour.AddHours(-3),
                Until = Hour,
            },
            None
        );
        Assert.Equal(
            [Hour.AddHours(-3), Hour.AddHours(-2), Hour.AddHours(-1)],
            read.Select(each => each.Hour)
        );
    }

    [Fact]
    public async Task Read_OfOne_HasNothingOfAnother()
    {
        var (tenant, other) = (await AddTenantAsync(), await AddTenantAsync());
        var (first, second) = (NewEndpointId(), NewEndpointId());
        await AddAsync(tenant, first, Hour, Delivered(1));
        await AddAsync(tenant, null, Hour, Delivered(2));
        await AddAsync(other, first, Hour, Delivered(3));

        Assert.Empty(await ReadAsync(tenant, second));
        Assert.Empty(await ReadAsync(other, null));
        Assert.Equal(1, await MaxMsAsync(tenant, first), 0.05);
        Assert.Equal(2, await MaxMsAsync(tenant, null), 0.1);
        Assert.Equal(3, await MaxMsAsync(other, first), 0.15);
    }

    [Fact]
    public async Task Erase_ATenant_TakesItsStatisticsAndNoOthers()
    {
        var (tenant, other) = (await AddTenantAsync(), await AddTenantAsync());
        var endpoint = NewEndpointId();
        for (var hours = 0; hours < 7; hours++)
        {
            await AddAsync(tenant, endpoint, Hour.AddHours(-hours), Delivered(1));
            await AddAsync(tenant, null, Hour.AddHours(-hours), Delivered(1));
            await AddAsync(other, null, Hour.AddHours(-hours), Delivered(1));
        }

        while (await Events.EraseAsync(tenant, 3, None) > 0) { }
        Assert.Empty(await ReadAsync(tenant, endpoint));
        Assert.Empty(await ReadAsync(tenant, null));
        Assert.Equal(7, (await ReadAsync(other, null)).Count);
    }

    [Fact]
    public async Task Expire_CountsFromTheEndOfAnHour()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpointId();
        var first = Hour;
        for (var hours = 0; hours < 5; hours++)
        {
            await AddAsync(tenant, endpoint, first.AddHours(hours), Delivered(1));
        }

        Time.Advance(first + OneHour + Retention.Default.Statistics - Now - OneHour / 60);
        await DeleteAllExpiredAsync();
        Assert.Equal(5, (await ReadAsync(tenant, endpoint)).Count);

        // The first two hours are over for longer than that.
        Time.Advance(OneHour + OneHour / 60);
        await DeleteAllExpiredAsync();
        var left = await ReadAsync(tenant, endpoint);
        Assert.Equal(first.AddHours(2), left[0].Hour);
        Assert.Equal(3, left.Count);
    }

    private static HourCounts Delivered(int milliseconds)
    {
        var counts = new HourCounts { Delivered = 1 };
        counts.Attempts.Add(ReasonCode.Delivered, 1);
        counts.Latency.Record(TimeSpan.FromMilliseconds(milliseconds));
        return counts;
    }

    private static void AssertSame(HourCounts expected, HourCounts actual)
    {
        Assert.Equal(
            (expected.Accepted, expected.Deliveries, expected.Delivered),
            (actual.Accepted, actual.Deliveries, actual.Delivered)
        );
        Assert.Equal(
            (expected.DeadLettered, expected.Parked, expected.Cancelled),
            (actual.DeadLettered, actual.Parked, actual.Cancelled)
        );
        Assert.Equal(expected.Attempts.Counts, actual.Attempts.Counts);
        Assert.Equal(expected.Attempts.Total, actual.Attempts.Total);
        Assert.Equal(expected.Latency.Counts, actual.Latency.Counts);
        Assert.Equal(expected.Latency.Count, actual.Latency.Count);
    }

    private async Task AddAsync(
        TenantId tenant,
        EndpointId? endpoint,
        DateTimeOffset hour,
        HourCounts counts
    ) => await Statistics.AddAsync(new HourKey(tenant, endpoint, hour), counts, None);

    /// <summary>All that there is, of any time that there can be.</summary>
    private ValueTask<IReadOnlyList<CountedHour>> ReadAsync(
        TenantId tenant,
        EndpointId? endpoint
    ) =>
        Statistics.ReadAsync(
            new StatisticsQuery
            {
                TenantId = tenant,
                EndpointId = endpoint,
                Since = Hour.AddDays(-400),
                Until = Hour.AddDays(400),
            },
            None
        );

    private async Task<double> MaxMsAsync(TenantId tenant, EndpointId? endpoint) =>
        Assert
            .Single(await ReadAsync(tenant, endpoint))
            .Counts.Latency.Max!.Value.TotalMilliseconds;

    private async Task DeleteAllExpiredAsync()
    {
        while (await Events.DeleteExpiredAsync(Retention.Default, Now, 1, None) > 0) { }
    }
}
