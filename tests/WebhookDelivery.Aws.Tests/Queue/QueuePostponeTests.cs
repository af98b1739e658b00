using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class QueuePostponeTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Postpone_ForAWhile_SendsADelayedMessageAndDeletesTheOld()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddSeconds(90.5), None);

        var sent = rig.Sent[^1];
        Assert.Equal(91, sent.DelaySeconds);
        Assert.Equal(rig.Tenant.Value, sent.Group);
        Assert.Equal(1, sent.Message.Postponements);
        Assert.Equal(
            claim.Due with
            {
                DueAt = rig.Now.AddSeconds(90.5),
            },
            sent.Due with
            {
                Payload = claim.Due.Payload,
            }
        );
        Assert.Equal("{}"u8, sent.Due.Payload!.Value.Span);
        await Until.HoldsAsync(
            async () => await rig.CountAsync() == (0, 0, 1),
            TimeSpan.FromSeconds(10),
            () => "only the delayed message is there"
        );
        Assert.Empty(rig.Sqs.Of("ChangeMessageVisibility"));
        Assert.Empty(rig.Sqs.Of("ChangeMessageVisibilityBatch"));
        Assert.Empty(rig.Dynamo.Of("UpdateItem"));
        Assert.Null(await rig.DeliveryItemAsync(claim.Due));
    }

    [Fact]
    public async Task Postpone_Twice_SendsOnce()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(1), None);
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(1), None);
        Assert.Equal(2, rig.Sent.Count);
    }

    [Fact]
    public async Task Postpone_AgainAndAgain_StaysAwayLongerUpToTwoMinutes()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var waits = new List<int>();
        for (var postponements = 0; postponements < 8; postponements++)
        {
            await rig.Queue.PostponeAsync(
                claim with
                {
                    Receipt = null,
                    Postponements = postponements,
                },
                rig.Now.AddMilliseconds(1),
                None
            );
            waits.Add(rig.Sent[^1].DelaySeconds!.Value);
        }

        Assert.Equal([5, 10, 20, 40, 80, 120, 120, 120], waits);
    }

    [Fact]
    public async Task Postpone_UntilNow_ComesAtOnceHoweverOften()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        for (var times = 1; times <= 3; times++)
        {
            await rig.Queue.PostponeAsync(claim, rig.Now, None);
            Assert.Null(rig.Sent[^1].DelaySeconds);
            claim = await rig.ReceiveOneAsync();
            Assert.Equal(times, claim.Postponements);
        }
    }

    [Fact]
    public async Task Postpone_BeyondSqsLimit_RestsUntilTheSweeperSendsIt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var until = rig.Now.AddMinutes(30);
        await rig.Queue.PostponeAsync(claim, until, None);
        Assert.Single(rig.Sent);
        await rig.EmptyAsync();
        Assert.Equal(until, QueueRig.DueAt(await rig.DeliveryItemAsync(claim.Due)));

        rig.Time.Advance(TimeSpan.FromMinutes(29.5));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(30, rig.Sent[^1].DelaySeconds);
        Assert.Equal((1, 1), (rig.Sent[^1].Due.Generation, rig.Sent[^1].Due.Attempt));
        Assert.True(await rig.RecordAsync(rig.Sent[^1].Due));
    }

    [Fact]
    public async Task Postpone_BeyondSqsLimitWithAnItem_MovesItsDueTime()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = await rig.FailAsync(Assert.Single(await rig.AppendAsync()), TimeSpan.Zero);
        await rig.Queue.EnqueueAsync([due], None);
        var claim = await rig.ReceiveOneAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(30), None);
        Assert.Equal(rig.Now.AddMinutes(30), QueueRig.DueAt(await rig.DeliveryItemAsync(due)));
        var stored = await rig.Events.FindAsync(rig.Tenant, due.Key.EventId, None);
        Assert.Equal(DeliveryStatus.Failed, Assert.Single(stored!.Deliveries).Status);
        Assert.True(await rig.RecordAsync(due));
    }

    [Fact]
    public async Task Postpone_BeyondSqsLimitOfWhatIsOver_ChangesNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        Assert.True(await rig.RecordAsync(claim.Due));
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(30), None);
        Assert.Null(QueueRig.DueAt(await rig.DeliveryItemAsync(claim.Due)));
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Postpone_PastTheTimeOfHealing_KeepsTheSweeperOff()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = await rig.FailAsync(Assert.Single(await rig.AppendAsync()), TimeSpan.Zero);
        await rig.Queue.EnqueueAsync([due], None);
        var claim = await rig.ReceiveOneAsync();

        // Within the grace nothing is written.
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(2), None);
        Assert.Empty(rig.Dynamo.Of("UpdateItem"));
        var healing = rig.Now.AddMinutes(3);
        Assert.Equal(healing, rig.Sent[^1].Message.HealAt);
        Assert.Equal(healing, QueueRig.DueAt(await rig.DeliveryItemAsync(due)));

        // Beyond it the item is told.
        await rig.SendRawAsync(rig.Sent[^1].Message);
        claim = await rig.ReceiveOneAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(10), None);
        Assert.Single(rig.Dynamo.Of("UpdateItem"));
        healing = rig.Now.AddMinutes(13);
        Assert.Equal(healing, rig.Sent[^1].Message.HealAt);
        Assert.Equal(healing, QueueRig.DueAt(await rig.DeliveryItemAsync(due)));
        rig.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Postpone_PastTheTimeOfHealingWithoutAnItem_FindsOutOnce()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(10), None);
        Assert.Single(rig.Dynamo.Of("GetItem"), IsOfEvents);
        Assert.Equal(DeliveryMessage.NoItem, rig.Sent[^1].Message.HealAt);

        await rig.SendRawAsync(rig.Sent[^1].Message);
        claim = await rig.ReceiveOneAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(10), None);
        Assert.Single(rig.Dynamo.Of("GetItem"), IsOfEvents);
        Assert.Equal(DeliveryMessage.NoItem, rig.Sent[^1].Message.HealAt);
        Assert.Null(await rig.DeliveryItemAsync(claim.Due));

        bool IsOfEvents(ProxiedRequest request) =>
            request.Json()["TableName"]!.GetValue<string>() == rig.Options.EventsTable;
    }

    [Fact]
    public async Task Postpone_OfWhatIsFoundToBeOver_EndsIt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        Assert.True(await rig.RecordAsync(claim.Due));
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(10), None);
        Assert.Single(rig.Sent);
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Postpone_ThatSqsRefuses_LeavesTheClaimAsItIs()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        using (rig.Sqs.On("SendMessage", AwsFault.Refuse("RequestThrottled")))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(1), None)
            );
        }

        Assert.Equal((0, 1, 0), await rig.CountAsync());
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(1), None);
        Assert.Equal(60, rig.Sent[^1].DelaySeconds);
    }

    [Fact]
    public async Task Postpone_OfWhatHadToBeVerified_HasToBeVerifiedAgain()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.SendRawAsync(new DeliveryMessage { Due = due, MustVerify = true });
        var claim = await rig.ReceiveOneAsync();
        await rig.Queue.PostponeAsync(claim, rig.Now.AddSeconds(30), None);
        Assert.True(rig.Sent[^1].Message.MustVerify);
    }

    [Theory]
    [InlineData(0, -1, 5)]
    [InlineData(0, 1, 3.75)]
    [InlineData(1, -1, 10)]
    [InlineData(3, 0, 35)]
    [InlineData(5, -1, 120)]
    [InlineData(int.MaxValue, -1, 120)]
    [InlineData(int.MaxValue, 1, 90)]
    public void Spread_OfSoManyPostponements_GrowsAndIsBounded(
        int postponements,
        double jitter,
        double seconds
    ) => Assert.Equal(seconds, PostponeSpread.Of(postponements, jitter).TotalSeconds, 0.001);
}
