namespace WebhookDelivery.Core.Tests;

/// <summary>When a recovery leaves off, and what it does first when it goes on.</summary>
public sealed class RecoveryTurnsTests
{
    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    [Fact]
    public async Task Replay_ThatFindsNothing_LetsOthersHaveTheirTurn()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.PostAsync(450);
        var listed = 0;
        rig.Store.OnList = () =>
        {
            listed++;
            rig.Core.Time.Advance(TimeSpan.FromMilliseconds(60));
        };
        var filter = new RecoveryFilter
        {
            Since = rig.Core.Time.GetUtcNow().AddDays(-1),
            EventTypes = EventTypeFilter.Parse(["invoice.*"], out _)!,
        };
        var start = await rig.Recoveries.StartAsync(
            rig.Endpoint,
            RecoveryKind.Replay,
            filter,
            Cancellation
        );
        var recovery = Assert.IsType<RecoveryStart.Started>(start).Recovery;
        await rig.GoOnAsync();

        var walking = await rig.FindAsync(recovery);
        Assert.Equal((2, RecoveryStatus.Running), (listed, walking.Status));
        Assert.Equal(rig.Core.Time.GetUtcNow(), walking.NextAt);
        Assert.NotNull(walking.Cursor);

        var ended = await rig.FinishAsync(recovery);
        Assert.Equal((RecoveryStatus.Done, 5), (ended.Status, listed));
    }

    [Fact]
    public async Task Recover_OfAnEndpointDisabledSinceItPlanned_WaitsWithThePlan()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var dead = await rig.KillAsync(5);
        rig.Store.StartsUntilOutage = 0;
        var recovery = await rig.StartAsync(RecoveryKind.Recover, DeliveryStatus.DeadLetter);
        Assert.Equal(1, (await rig.GoOnAsync()).Failed);
        rig.Store.StartsUntilOutage = int.MaxValue;
        await SetDisabledAsync(rig, true);
        rig.Core.Time.Advance(rig.Core.Get<RecoveryOptions>().Lease);

        Assert.Equal(0, (await rig.GoOnAsync()).Moved);
        Assert.Equal(5, (await rig.FindAsync(recovery)).Plan.Count);
        Assert.All(
            await rig.DeliveriesAsync(dead),
            each => Assert.Equal(DeliveryStatus.DeadLetter, each.Status)
        );

        await SetDisabledAsync(rig, false);
        rig.Core.Time.Advance(rig.Core.Get<RecoveryOptions>().DisabledPause);
        Assert.Equal(new RecoveryCounts(5, 5, 0, 0), (await rig.FinishAsync(recovery)).Counts);
    }

    private static async Task SetDisabledAsync(RecoveryOnSqlite rig, bool disabled) =>
        await rig.Core.Endpoints.UpdateAsync(
            rig.Endpoint,
            new EndpointPatch { Disabled = disabled },
            Cancellation
        );
}
