using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

/// <summary>What is counted, stored and read again, on a real database.</summary>
public sealed class StatisticsTests
{
    private static readonly TimeSpan s_interval = new StatisticsOptions().Interval;

    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    [Fact]
    public async Task Read_BeforeAndAfterAFlush_IsTheSame()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        await core.PostAsync();
        await core.RunNextAsync();
        core.Sender.Always(500);
        await core.PostAsync();
        await core.RunNextAsync();

        foreach (var flush in new[] { false, true, true })
        {
            if (flush)
            {
                Assert.True(await core.Get<StatisticsFlusher>().FlushAsync(Cancellation));
            }

            var tenant = await ReadAsync(core);
            Assert.Equal((2, 2, 1), (tenant.Accepted, tenant.Deliveries, tenant.Delivered));
            Assert.Equal(
                [(ReasonCode.Delivered, 1L), (ReasonCode.HttpStatus, 1L)],
                tenant.Attempts.Counts
            );
            var one = await ReadAsync(core, endpoint.Key.EndpointId);
            Assert.Equal((0, 2, 1), (one.Accepted, one.Deliveries, one.Delivered));
            Assert.Equal(2, one.Latency.Count);
        }

        // What was counted since comes on top of what is stored.
        await core.PostAsync();
        Assert.Equal(3, (await ReadAsync(core)).Accepted);
    }

    [Fact]
    public async Task Count_WhatRecoveriesAddAndCancel_OnceEach()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.PostAsync(3);
        await rig.StartAsync(RecoveryKind.Cancel, DeliveryStatus.Pending);
        await rig.GoOnAsync();
        Assert.Equal((0, 3), await SetAsideAsync(rig.Core));
        var made = Assert.IsType<EndpointResult.Done>(
            await rig.Core.Endpoints.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft { Url = "https://new.example/hook" },
                Cancellation
            )
        );
        var added = made.Endpoint.Key;
        var filter = new RecoveryFilter { Since = rig.Core.Time.GetUtcNow().AddDays(-1) };
        await rig.Recoveries.StartAsync(added, RecoveryKind.Replay, filter, Cancellation);
        await rig.GoOnAsync();

        Assert.Equal(3, (await ReadAsync(rig.Core, added.EndpointId)).Deliveries);
        Assert.Equal(6, (await ReadAsync(rig.Core)).Deliveries);
    }

    [Fact]
    public async Task Count_DeliveriesSetAside_ByWhatTheyCameTo()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        await core.PostAsync();
        await core.PostAsync();
        await core.PostAsync();
        await core.Endpoints.UpdateAsync(
            endpoint.Key,
            new EndpointPatch { Disabled = true },
            Cancellation
        );
        await core.RunNextAsync();
        Assert.Equal((1, 0), await SetAsideAsync(core));

        await core.Endpoints.DeleteAsync(endpoint.Key, Cancellation);
        await core.RunNextAsync();
        Assert.Equal((1, 1), await SetAsideAsync(core));

        await core.Get<Sweeper>().SweepAsync(Cancellation);
        Assert.Equal((1, 3), await SetAsideAsync(core));
        Assert.Equal(0, (await ReadAsync(core)).Attempts.Total);
    }

    [Fact]
    public async Task Flush_WhileTheStoreRefuses_KeepsWhatItCouldNotStore()
    {
        await using var core = new CoreOnSqlite(statistics: Faulty);
        var store = StoreOf(core);
        var endpoint = await core.AddTenantAsync();
        await core.PostAsync();
        await core.RunNextAsync();
        var flusher = core.Get<StatisticsFlusher>();
        store.Refuses = key => key.EndpointId is null;

        Assert.False(await flusher.FlushAsync(Cancellation));
        Assert.False(await flusher.FlushAsync(Cancellation));
        await core.PostAsync();
        Assert.Equal(2, (await ReadAsync(core)).Accepted);
        Assert.Equal(1, (await ReadAsync(core)).Delivered);

        store.Refuses = _ => false;
        Assert.True(await flusher.FlushAsync(Cancellation));
        var stored = await StoredAsync(core);
        Assert.Equal((2, 2, 1), (stored.Accepted, stored.Deliveries, stored.Delivered));
        Assert.Equal(2, (await ReadAsync(core, endpoint.Key.EndpointId)).Deliveries);
    }

    [Fact]
    public async Task Read_DuringAFlush_NeitherMissesNorDoublesWhatIsUnderWay()
    {
        await using var core = new CoreOnSqlite(statistics: Faulty);
        var store = StoreOf(core);
        await core.AddTenantAsync();
        await core.PostAsync();
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var flushing = core.Get<StatisticsFlusher>().FlushAsync(Cancellation).AsTask();
        await core.PostAsync();
        var reading = ReadAsync(core);

        Assert.False(flushing.IsCompleted);
        gate.SetResult();
        Assert.True(await flushing);
        Assert.Equal(2, (await reading).Accepted);
    }

    [Fact]
    public async Task Run_EveryInterval_StoresWhatWasCounted()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = core.Get<StatisticsFlusher>().RunAsync(stopping.Token);
        foreach (var accepted in new[] { 1, 2 })
        {
            await core.PostAsync();
            await core.Time.WaitForTimerAsync(s_interval);
            core.Time.Advance(s_interval);
            await core.Time.WaitForTimerAsync(s_interval);
            Assert.Equal(accepted, (await StoredAsync(core)).Accepted);
        }

        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Run_WithMoreThanItMayHold_StoresAtOnce()
    {
        await using var core = new CoreOnSqlite(
            statistics: Faulty,
            counting: new StatisticsOptions { EntriesMax = 2 }
        );
        var store = StoreOf(core);
        await core.AddTenantAsync();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = core.Get<StatisticsFlusher>().RunAsync(stopping.Token);
        await core.Time.WaitForTimerAsync(s_interval);

        // A tenant and an endpoint are two, and the clock stands still.
        await core.PostAsync();
        await Until.HoldsAsync(
            async () => (await StoredAsync(core)).Accepted == 1,
            TimeSpan.FromSeconds(30),
            () => $"{store.Adds} additions came."
        );
        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task EndInvocation_WhileOthersFollow_StoresOncePerInterval()
    {
        await using var core = new CoreOnSqlite(statistics: Faulty);
        var store = StoreOf(core);
        await core.AddTenantAsync();
        var flusher = core.Get<StatisticsFlusher>();
        foreach (var (isBusy, adds) in new[] { (true, 2), (true, 2), (false, 4), (true, 4) })
        {
            await core.PostAsync();
            await flusher.EndInvocationAsync(isBusy, Cancellation);
            Assert.Equal(adds, store.Adds);
            core.Time.Advance(s_interval / 4);
        }

        core.Time.Advance(s_interval);
        await flusher.EndInvocationAsync(isBusy: true, Cancellation);
        Assert.Equal(6, store.Adds);
        Assert.Equal(4, (await StoredAsync(core)).Accepted);
    }

    [Fact]
    public async Task EndInvocation_WhereTheStoreHangs_EndsAllTheSame()
    {
        await using var core = new CoreOnSqlite(statistics: Faulty);
        var store = StoreOf(core);
        await core.AddTenantAsync();
        await core.PostAsync();
        store.Gate = new TaskCompletionSource().Task;
        var patience = new StatisticsOptions().Patience;
        var ending = core.Get<StatisticsFlusher>().EndInvocationAsync(false, Cancellation).AsTask();
        await core.Time.WaitForTimerAsync(patience);
        Assert.False(ending.IsCompleted);

        core.Time.Advance(patience);
        await ending;
        Assert.Equal(1, (await ReadAsync(core)).Accepted);
    }

    [Fact]
    public async Task Flush_OfADeletedTenant_LeavesNothingBehind()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        await core.PostAsync();
        await core.Get<TenantAdministration>().DeleteAsync(CoreOnSqlite.Acme, Cancellation);
        Assert.True(await core.Get<StatisticsFlusher>().FlushAsync(Cancellation));
        Assert.Equal(0, (await ReadAsync(core)).Accepted);
    }

    private static IStatisticsStore Faulty(IStatisticsStore inner) =>
        new FaultyStatisticsStore(inner);

    private static FaultyStatisticsStore StoreOf(CoreOnSqlite core) =>
        (FaultyStatisticsStore)core.Get<IStatisticsStore>();

    private static async Task<(long Parked, long Cancelled)> SetAsideAsync(CoreOnSqlite core)
    {
        var counts = await ReadAsync(core);
        return (counts.Parked, counts.Cancelled);
    }

    private static async Task<HourCounts> ReadAsync(
        CoreOnSqlite core,
        EndpointId? endpoint = null
    ) => Sum(await core.Get<StatisticsReader>().ReadAsync(Query(core, endpoint), Cancellation));

    private static async Task<HourCounts> StoredAsync(CoreOnSqlite core) =>
        Sum(await core.Get<IStatisticsStore>().ReadAsync(Query(core, null), Cancellation));

    private static StatisticsQuery Query(CoreOnSqlite core, EndpointId? endpoint) =>
        new()
        {
            TenantId = CoreOnSqlite.Acme,
            EndpointId = endpoint,
            Since = HourKey.HourOf(core.Time.GetUtcNow()).AddHours(-1),
            Until = HourKey.HourOf(core.Time.GetUtcNow()).AddHours(1),
        };

    private static HourCounts Sum(IEnumerable<CountedHour> hours)
    {
        var sum = new HourCounts();
        foreach (var hour in hours)
        {
            sum.Add(hour.Counts);
        }

        return sum;
    }
}
