using System.Text.Json.Nodes;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class QueueSendingTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Enqueue_WhatIsDue_SendsOneMessageWithoutDelayForItsTenant()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.Queue.EnqueueAsync([due], None);

        var sent = Assert.Single(rig.Sent);
        Assert.Null(sent.DelaySeconds);
        Assert.Equal(rig.Tenant.Value, sent.Group);
        Assert.Equal(due, sent.Due with { Payload = due.Payload });
        Assert.Equal("{}"u8, sent.Due.Payload!.Value.Span);
        Assert.False(sent.Message.MustVerify);
        Assert.Empty(rig.Dynamo.Of("UpdateItem"));
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(60, 60)]
    [InlineData(300, 300)]
    [InlineData(899.001, 900)]
    [InlineData(900, 900)]
    public async Task Enqueue_ARetryWithinSqsLimit_SendsADelayedMessage(double wait, int seconds)
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromSeconds(wait));
        await rig.Queue.EnqueueAsync([retry], None);

        Assert.Equal(2, rig.Sent.Count);
        Assert.Equal(seconds, rig.Sent[1].DelaySeconds);
        Assert.Equal(rig.Tenant.Value, rig.Sent[1].Group);
        Assert.Equal(2, rig.Sent[1].Due.Attempt);

        // The message has its time, then the grace, and the sweeper looks a minute ahead.
        Assert.Equal(
            retry.DueAt + rig.Options.HealingGrace + rig.Options.LookAhead,
            QueueRig.DueAt(await rig.DeliveryItemAsync(retry))
        );
        Assert.Empty(rig.Sqs.Of("ChangeMessageVisibility"));
        Assert.Empty(rig.Sqs.Of("ChangeMessageVisibilityBatch"));
    }

    [Fact]
    public async Task Enqueue_ARetryBeyondSqsLimit_SendsNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(16));
        await rig.Queue.EnqueueAsync([retry], None);
        Assert.Single(rig.Sent);
        Assert.Equal(retry.DueAt, QueueRig.DueAt(await rig.DeliveryItemAsync(retry)));
    }

    [Fact]
    public async Task Enqueue_WhatTheStoreLaidToRestAMomentEarlier_TellsTheSweeperOfTheMessage()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(
            claim.Due,
            rig.Options.DelayMax + TimeSpan.FromMilliseconds(5)
        );
        Assert.Equal(retry.DueAt, QueueRig.DueAt(await rig.DeliveryItemAsync(retry)));

        rig.Time.Advance(TimeSpan.FromMilliseconds(10));
        await rig.Queue.EnqueueAsync([retry], None);
        Assert.Equal(900, rig.Sent[1].DelaySeconds);

        rig.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(2, rig.Sent.Count);
    }

    [Fact]
    public async Task Enqueue_WhoseSweeperCannotBeTold_IsLeftToItsDueTime()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, rig.Options.DelayMax);
        using (rig.Dynamo.On("UpdateItem", AwsFault.Refuse("InternalServerError", 500)))
        {
            await rig.Queue.EnqueueAsync([retry], None);
        }

        Assert.Single(rig.Sent);
        rig.Time.Advance(rig.Options.DelayMax + rig.Options.HealingGrace);
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(retry.Attempt, rig.Sent[^1].Due.Attempt);
    }

    [Fact]
    public async Task Enqueue_SeveralAtOnce_SendsThemInBatches()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 25);
        await rig.Queue.EnqueueAsync(dues, None);
        Assert.Equal([10, 10, 5], rig.Sqs.Of("SendMessageBatch").Select(Entries).OrderDescending());
        Assert.Empty(rig.Sqs.Of("SendMessage"));
        AssertSame(dues, rig.Sent);
    }

    [Fact]
    public async Task Enqueue_OfLargePayloads_KeepsABatchWithinItsLimit()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 10, payload: new string('x', 60_000));
        await rig.Queue.EnqueueAsync(dues, None);
        AssertSame(dues, rig.Sent);
        Assert.All(rig.Sent, sent => Assert.NotNull(sent.Due.Payload));
        Assert.All(rig.Sent, sent => Assert.InRange(sent.BatchSize, 1, 4));
    }

    [Fact]
    public async Task Enqueue_WhileSendsAreUnderWay_GoesTogetherAfterThem()
    {
        await using var rig = await QueueRig.CreateAsync();
        var gate = new TaskCompletionSource();
        using var slow = rig.Sqs.On("SendMessage", AwsFault.After(gate.Task));
        var enqueuing = new List<Task>();
        var dues = await rig.AppendAsync(endpoints: 14);
        foreach (var due in dues)
        {
            enqueuing.Add(rig.Queue.EnqueueAsync([due], None).AsTask());
        }

        await Until.HoldsAsync(
            () => new(rig.Sqs.Of("SendMessage").Count == 4),
            TimeSpan.FromSeconds(10),
            () => "four sends are under way"
        );
        gate.SetResult();
        await Task.WhenAll(enqueuing);
        Assert.Equal([10], rig.Sqs.Of("SendMessageBatch").Select(Entries));
        AssertSame(dues, rig.Sent);
    }

    [Fact]
    public async Task Enqueue_PartlyRefused_SendsTheRefusedOnesAgain()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 10);
        var victim = dues[3].Key.EndpointId.ToString();
        using var fault = rig.Sqs.On(
            "SendMessageBatch",
            AwsFault.FailEntries(entry => Body(entry).Contains(victim, StringComparison.Ordinal)),
            times: 1
        );
        await rig.Queue.EnqueueAsync(dues, None);

        Assert.Equal(11, rig.Sent.Count);
        Assert.Equal(dues[3].Key, rig.Sent[^1].Due.Key);
        Assert.Equal((10, 0, 0), await rig.CountAsync());
        Assert.Null(QueueRig.DueAt(await rig.EventItemAsync(dues[3])));
    }

    [Fact]
    public async Task Enqueue_PartlyRefusedForGood_KeepsThoseForTheSweeper()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 10);
        var victims = dues.Take(2).Select(due => due.Key.EndpointId.ToString()).ToList();
        using var fault = rig.Sqs.On(
            "SendMessageBatch",
            AwsFault.FailEntries(entry => victims.Exists(each => Body(entry).Contains(each)))
        );
        await rig.Queue.EnqueueAsync(dues, None);

        Assert.Equal(3, rig.Sqs.Of("SendMessageBatch").Count);
        Assert.Equal((8, 0, 0), await rig.CountAsync());
        var item = await rig.EventItemAsync(dues[0]);
        Assert.Equal(dues.Take(2).Select(due => due.Key.EndpointId), EventItem.Unsent(item!));
        Assert.Equal(rig.Now.AddSeconds(30), QueueRig.DueAt(item));
    }

    [Fact]
    public async Task Enqueue_RefusedAsTheSendersFault_IsNotTriedAgain()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 2);
        using var fault = rig.Sqs.On(
            "SendMessageBatch",
            AwsFault.FailEntries(_ => true, "InvalidParameterValue", senderFault: true)
        );
        await rig.Queue.EnqueueAsync(dues, None);
        Assert.Single(rig.Sqs.Of("SendMessageBatch"));
        Assert.Equal(2, EventItem.Unsent((await rig.EventItemAsync(dues[0]))!).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Enqueue_OfCharactersThatSqsRefuses_LeavesThePayloadToTheStore(int endpoints)
    {
        // The emulator takes no characters beyond the first plane; SQS itself does.
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints, payload: """{"a":"😀"}""");
        await rig.Queue.EnqueueAsync(dues, None);
        var claims = await rig.ReceiveAllAsync();
        AssertSame(dues, claims.Select(claim => claim.Due));
        Assert.All(claims, claim => Assert.Null(claim.Due.Payload));
    }

    [Fact]
    public async Task Enqueue_WhileSqsThrottles_IsAcceptedAndSentByTheSweeperLater()
    {
        await using var rig = await QueueRig.CreateAsync();
        var one = await rig.AppendAsync();
        var several = await rig.AppendAsync(endpoints: 3);
        var outage = new[] { "SendMessage", "SendMessageBatch" }
            .Select(call => rig.Sqs.On(call, AwsFault.Refuse("RequestThrottled")))
            .ToList();
        await rig.Queue.EnqueueAsync(one, None);
        await rig.Queue.EnqueueAsync(several, None);
        Assert.Equal((0, 0, 0), await rig.CountAsync());

        // Still refused: the sweep must not lose them either.
        rig.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        outage.ForEach(rule => rule.Dispose());
        rig.Time.Advance(rig.Options.SweepClaim);
        Assert.Equal(4, await rig.Queue.SweepAsync(rig.Now, None));

        var claims = await rig.ReceiveAllAsync();
        AssertSame([.. one, .. several], claims.Select(claim => claim.Due));
        Assert.All(claims, claim => Assert.Equal("{}"u8, claim.Due.Payload!.Value.Span));
        var item = await rig.EventItemAsync(several[0]);
        Assert.Null(QueueRig.DueAt(item));
        Assert.Empty(EventItem.Unsent(item!));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Enqueue_ThatNobodyKnowsOf_IsSentAgainAndRecognisedAsADuplicate()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        using (rig.Sqs.On("SendMessage", AwsFault.RefuseAfter("InternalError")))
        {
            await rig.Queue.EnqueueAsync([due], None);
        }

        var claim = await rig.ReceiveOneAsync();
        Assert.True(await rig.RecordAsync(claim.Due));
        await rig.Queue.CompleteAsync(claim, None);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Empty(await rig.ReceiveAllAsync());
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Enqueue_WithoutSqsAndDynamo_IsNotAccepted()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = await rig.AppendAsync();
        using var noSqs = rig.Sqs.On("SendMessage", AwsFault.DropBefore());
        using var noDynamo = rig.Dynamo.On("UpdateItem", AwsFault.DropBefore());
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await rig.Queue.EnqueueAsync(due, None)
        );
    }

    [Fact]
    public async Task Enqueue_OfARetryThatSqsRefuses_IsLeftToItsDueTime()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(5));
        using (rig.Sqs.On("SendMessage", AwsFault.Refuse("ServiceUnavailable", 503)))
        {
            await rig.Queue.EnqueueAsync([retry], None);
        }

        await rig.Queue.CompleteAsync(claim, None);
        rig.Time.Advance(TimeSpan.FromMinutes(5) + rig.Options.HealingGrace);
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        var again = await rig.ReceiveOneAsync();
        Assert.Equal(retry, again.Due with { Payload = retry.Payload });
    }

    [Fact]
    public async Task Enqueue_RefusedTwiceForTheSameEvent_KeepsBoth()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 3);
        using var outage = rig.Sqs.On("SendMessage", AwsFault.Refuse("RequestThrottled"));
        await Task.WhenAll(dues.Select(due => rig.Queue.EnqueueAsync([due], None).AsTask()));
        var unsent = EventItem.Unsent((await rig.EventItemAsync(dues[0]))!);
        Assert.Equal(dues.Select(due => due.Key.EndpointId).ToHashSet(), unsent.ToHashSet());
        Assert.Equal(3, unsent.Count);
    }

    [Theory]
    [InlineData(10, 600)]
    [InlineData(20, null)]
    public async Task Enqueue_AnEventToBeDeliveredLater_WaitsOnSqsOrOnItsItem(
        int minutes,
        int? seconds
    )
    {
        await using var rig = await QueueRig.CreateAsync();
        var at = rig.Now.AddMinutes(minutes);
        var dues = await rig.AppendAsync(endpoints: 2, deliverAt: at);
        await rig.Queue.EnqueueAsync(dues, None);
        if (seconds is not null)
        {
            Assert.Equal([seconds, seconds], rig.Sent.Select(sent => sent.DelaySeconds));
            return;
        }

        Assert.Empty(rig.Sent);
        Assert.Equal(at, QueueRig.DueAt(await rig.EventItemAsync(dues[0])));
        rig.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(45));
        Assert.Equal(2, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal([45, 45], rig.Sent.Select(sent => sent.DelaySeconds!.Value));
    }

    private static int Entries(ProxiedRequest request) =>
        request.Json()["Entries"]!.AsArray().Count;

    private static string Body(JsonObject entry) => entry["MessageBody"]!.GetValue<string>();

    private static void AssertSame(IEnumerable<DueDelivery> dues, IEnumerable<SentMessage> sent) =>
        AssertSame(dues, sent.Select(each => each.Due));

    private static void AssertSame(IEnumerable<DueDelivery> dues, IEnumerable<DueDelivery> others)
    {
        var keys = others.Select(other => other.Key).ToList();
        Assert.Equal(dues.Select(due => due.Key).ToHashSet(), keys.ToHashSet());
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }
}
