namespace WebhookDelivery.Core.Tests;

public sealed class RecoveryRunnerTests
{
    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    [Fact]
    public async Task Recover_OfABacklog_StartsEachOnceAndCountsIt()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var dead = await rig.KillAsync(50);
        var good = await rig.PostAsync(3);
        await rig.DeliverAsync(3);
        Assert.Equal(50, await rig.CountAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter));

        var ended = await rig.FinishAsync(
            await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter)
        );

        Assert.Equal(RecoveryStatus.Done, ended.Status);
        Assert.Equal(new RecoveryCounts(50, 50, 0, 0), ended.Counts);
        Assert.All(
            await rig.DeliveriesAsync(dead),
            each =>
                Assert.Equal(
                    (DeliveryStatus.Delivered, 2, EventSource.Recover),
                    (each.Status, each.Generation, each.Source)
                )
        );
        Assert.All(await rig.DeliveriesAsync(good), each => Assert.Equal(1, each.Generation));
    }

    [Fact]
    public async Task Recover_WhileTheEndpointTakesIt_DoublesEachSecond()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.KillAsync(100);
        await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        var course = new List<int>();
        while ((await rig.GoOnAsync()).Moved is var moved and > 0)
        {
            course.Add(moved);
            rig.Core.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.DeliverAsync(moved);
        }

        Assert.Equal([10, 20, 40, 30], course);
    }

    [Fact]
    public async Task Recover_OfAnEndpointWithALimit_StartsFourFifthsOfItPerSecond()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync(
            new EndpointDraft { Url = "https://acme.example/hook", RateLimitPerSecond = 5 }
        );
        var ids = await rig.KillAsync(40);
        await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        var from = rig.Core.Time.GetUtcNow();
        for (var i = 0; i < 20; i++)
        {
            await rig.GoOnAsync();
            rig.Core.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var due = (await rig.DeliveriesAsync(ids))
            .Where(each => each.NextAttemptAt is not null)
            .Select(each => (each.NextAttemptAt!.Value - from).TotalSeconds)
            .ToList();
        Assert.Equal(40, due.Count);
        Assert.All(
            Enumerable.Range(0, 10),
            second => Assert.InRange(due.Count(each => each >= second && each < second + 1), 4, 5)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(45)]
    [InlineData(99)]
    public async Task Recover_ACrashInTheMiddle_IsGoneOnWithWithoutStartingAnyTwice(int before)
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var dead = await rig.KillAsync(100);
        rig.Store.StartsUntilOutage = before;
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        var options = rig.Core.Get<RecoveryOptions>();
        while ((await rig.GoOnAsync()).Failed == 0)
        {
            rig.Core.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.Core.Queue.SweepAsync(rig.Core.Time.GetUtcNow(), Cancellation);
        }

        rig.Store.StartsUntilOutage = int.MaxValue;
        Assert.Equal(0, (await rig.GoOnAsync()).Moved);
        for (var i = 0; i < 200; i++)
        {
            rig.Core.Time.Advance(options.Lease / 10);
            await rig.GoOnAsync();
        }

        var ended = await rig.FindAsync(recovery);
        Assert.Equal(RecoveryStatus.Done, ended.Status);
        Assert.Equal(new RecoveryCounts(100, 100, 0, 0), ended.Counts);
        Assert.All(await rig.DeliveriesAsync(dead), each => Assert.Equal(2, each.Generation));
    }

    [Fact]
    public async Task Recover_WhileTheEndpointFails_RestsAndGoesOnOnceItIsBack()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.KillAsync(60);
        rig.Core.Sender.Always(500);
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        var attempts = rig.Core.Sender.Requests.Count;
        for (var i = 0; i < 60; i++)
        {
            var round = await rig.GoOnAsync();
            rig.Core.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.DeliverAsync(round.Moved);
        }

        // Ten at first, and ten after rests of 10 and of 20 s each.
        Assert.Equal(30, rig.Core.Sender.Requests.Count - attempts);
        rig.Core.Sender.Always(200);
        var ended = await rig.FinishAsync(recovery);
        Assert.Equal(new RecoveryCounts(60, 60, 0, 0), ended.Counts);
    }

    [Fact]
    public async Task Recover_OfADisabledEndpoint_WaitsUntilItIsEnabled()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.KillAsync(5);
        await SetDisabledAsync(rig, true);
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        Assert.Equal(0, (await rig.GoOnAsync()).Moved);
        rig.Core.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await rig.GoOnAsync()).Moved);

        await SetDisabledAsync(rig, false);
        Assert.Equal(5, (await rig.FinishAsync(recovery)).Counts.Moved);
    }

    [Theory]
    [InlineData(RecoveryKind.Recover)]
    [InlineData(RecoveryKind.Cancel)]
    public async Task Recovery_OfAnEndpointThatIsDeleted_IsCancelled(RecoveryKind kind)
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.KillAsync(5);
        var recovery = await rig.StartAsync(kind, DeliveryStatus.DeadLetter);
        await rig.Core.Endpoints.DeleteAsync(rig.Endpoint, Cancellation);

        await rig.GoOnAsync();

        var ended = await rig.FindAsync(recovery);
        Assert.Equal(
            (RecoveryStatus.Cancelled, default(RecoveryCounts)),
            (ended.Status, ended.Counts)
        );
        Assert.IsType<RecoveryStart.NoEndpoint>(
            await rig.Recoveries.StartAsync(rig.Endpoint, kind, new(), Cancellation)
        );
    }

    [Fact]
    public async Task Recover_OfADeliveryStartedTooOften_CountsItAsFailed()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync(
            delivery: new DeliveryOptions { GenerationsMax = 1 }
        );
        await rig.KillAsync(3);
        var ended = await rig.FinishAsync(await rig.StartAsync());
        Assert.Equal(new RecoveryCounts(3, 0, 0, 3), ended.Counts);
    }

    [Fact]
    public async Task Stop_BetweenTwoSlices_EndsItWithWhatItHasMoved()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var dead = await rig.KillAsync(50);
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        await rig.GoOnAsync();

        var stop = await rig.Recoveries.StopAsync(rig.Endpoint, recovery.Id, Cancellation);

        var stopped = Assert.IsType<RecoveryStop.Stopped>(stop).Recovery;
        Assert.Equal((RecoveryStatus.Cancelled, 10), (stopped.Status, stopped.Counts.Moved));
        rig.Core.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await rig.GoOnAsync()).Moved);
        Assert.Equal(
            40,
            (await rig.DeliveriesAsync(dead)).Count(each =>
                each.Status == DeliveryStatus.DeadLetter
            )
        );
    }

    [Fact]
    public async Task Stop_WhileABatchIsInDoubt_EndsItOnceThatIsCounted()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var dead = await rig.KillAsync(50);
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        rig.Store.StartsUntilOutage = 4;
        Assert.Equal(1, (await rig.GoOnAsync()).Failed);

        var stop = await rig.Recoveries.StopAsync(rig.Endpoint, recovery.Id, Cancellation);
        Assert.Equal(
            RecoveryStatus.Running,
            Assert.IsType<RecoveryStop.Stopped>(stop).Recovery.Status
        );
        rig.Store.StartsUntilOutage = int.MaxValue;
        rig.Core.Time.Advance(rig.Core.Get<RecoveryOptions>().Lease);
        await rig.GoOnAsync();

        var ended = await rig.FindAsync(recovery);
        var started = (await rig.DeliveriesAsync(dead)).Count(each => each.Generation == 2);
        Assert.Equal(RecoveryStatus.Cancelled, ended.Status);
        Assert.Equal(new RecoveryCounts(10, 10, 0, 0), ended.Counts);
        Assert.Equal(10, started);
    }

    [Fact]
    public async Task Stop_OfAnUnknownOne_FindsNothing()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        Assert.IsType<RecoveryStop.NotFound>(
            await rig.Recoveries.StopAsync(
                rig.Endpoint,
                new RecoveryId(Sample.EventId(1).Value),
                Cancellation
            )
        );
    }

    [Fact]
    public async Task Start_OfASixth_IsRefusedUntilOneHasEnded()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            await rig.StartAsync();
        }

        var refused = await rig.Recoveries.StartAsync(
            rig.Endpoint,
            RecoveryKind.Replay,
            new(),
            Cancellation
        );
        Assert.Equal(new RecoveryStart.LimitReached(5), refused);
        await rig.GoOnAsync();
        await rig.StartAsync();
    }

    [Fact]
    public async Task Start_OfMany_KeepsTheLastHundred()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        for (var i = 0; i < 105; i++)
        {
            rig.Core.Time.Advance(TimeSpan.FromMilliseconds(1));
            var recovery = await rig.StartAsync();
            await rig.Recoveries.StopAsync(rig.Endpoint, recovery.Id, Cancellation);
        }

        var kept = await rig.Recoveries.ListAsync(rig.Endpoint, null, 1000, Cancellation);
        Assert.Equal(100, kept.Count);
    }

    private static async Task SetDisabledAsync(RecoveryOnSqlite rig, bool disabled) =>
        await rig.Core.Endpoints.UpdateAsync(
            rig.Endpoint,
            new EndpointPatch { Disabled = disabled },
            Cancellation
        );
}
