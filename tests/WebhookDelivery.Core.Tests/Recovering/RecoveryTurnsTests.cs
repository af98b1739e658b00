namespace WebhookDelivery.Core.Tests;

/// <summary>When a recovery leaves off.</summary>
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
}
