using System.Diagnostics;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class QueueReceivingTests
{
    private static CancellationToken None => CancellationToken.None;

    /// <summary>Ends what would otherwise wait for ever where the queue is broken.</summary>
    private static CancellationToken Patience() =>
        new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task Receive_WhatIsDue_HoldsItForTheVisibilityTimeout()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        Assert.Equal(rig.Now + rig.Options.VisibilityTimeout, claim.LeaseEndsAt);
        Assert.NotNull(claim.Receipt);
        var poll = rig.Sqs.Of("ReceiveMessage")[0].Json();
        Assert.Equal(120, poll["VisibilityTimeout"]!.GetValue<int>());
        Assert.Equal(20, poll["WaitTimeSeconds"]!.GetValue<int>());
        Assert.Empty(rig.Dynamo.Of("GetItem"));
    }

    [Fact]
    public async Task Receive_OfABacklog_PollsSeveralTimesAtOnceForNoMoreThanThereIsRoomFor()
    {
        await using var rig = await QueueRig.CreateAsync();
        await rig.Queue.EnqueueAsync(await rig.AppendAsync(endpoints: 120), None);
        var underWay = 0;
        var most = 0;
        using var slow = rig.Sqs.On(
            "ReceiveMessage",
            async (request, forward) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref underWay));
                await Task.Delay(30);
                Interlocked.Decrement(ref underWay);
                return await forward(request);
            }
        );

        var received = new List<ClaimedDelivery>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (received.Count < 120)
        {
            received.AddRange(await rig.Queue.ReceiveAsync(120, patience.Token));
        }

        Assert.Equal(120, received.Select(claim => claim.Due.Key).Distinct().Count());
        Assert.InRange(most, 2, 8);
    }

    [Fact]
    public async Task Receive_WithRoomForFew_AsksForNoMore()
    {
        await using var rig = await QueueRig.CreateAsync();
        await rig.Queue.EnqueueAsync(await rig.AppendAsync(endpoints: 9), None);
        Assert.Equal(3, (await rig.Queue.ReceiveAsync(3, None)).Count);
        Assert.Equal((6, 3, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Receive_Cancelled_GivesWhatThePollBringsToTheNextCall()
    {
        await using var rig = await QueueRig.CreateAsync();
        using (var cancelled = new CancellationTokenSource())
        {
            var receiving = rig.Queue.ReceiveAsync(10, cancelled.Token).AsTask();
            await Until.HoldsAsync(
                () => new(rig.Sqs.Of("ReceiveMessage").Count == 1),
                TimeSpan.FromSeconds(10),
                () => "a poll is under way"
            );
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        }

        var dues = await rig.AppendAsync(endpoints: 3);
        await rig.Queue.EnqueueAsync(dues, None);
        await Until.HoldsAsync(
            async () => (await rig.CountAsync()).Held == 3,
            TimeSpan.FromSeconds(10),
            () => "the poll has brought them"
        );
        var claims = await rig.ReceiveAllAsync();
        Assert.Equal(
            dues.Select(due => due.Key).ToHashSet(),
            claims.Select(claim => claim.Due.Key).ToHashSet()
        );
    }

    [Fact]
    public async Task Dispose_WithMessagesThatNobodyTook_MakesThemVisibleAgain()
    {
        await using var rig = await QueueRig.CreateAsync();
        var other = rig.NewProcess();
        var dues = await rig.AppendAsync(endpoints: 3);
        using (var cancelled = new CancellationTokenSource(200))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await other.Queue.ReceiveAsync(10, cancelled.Token)
            );
        }

        await rig.Queue.EnqueueAsync(dues, None);
        await Until.HoldsAsync(
            async () => (await rig.CountAsync()).Held == 3,
            TimeSpan.FromSeconds(10),
            () => "the poll has brought them"
        );
        await other.DisposeAsync();
        Assert.Equal((3, 0, 0), await rig.CountAsync());
        Assert.Single(rig.Sqs.Of("ChangeMessageVisibilityBatch"));
    }

    [Fact]
    public async Task Dispose_WithDeletesThatWait_MakesThem()
    {
        await using var rig = await QueueRig.CreateAsync();
        var other = rig.NewProcess();
        await rig.Queue.EnqueueAsync(await rig.AppendAsync(), None);
        await other.Queue.CompleteAsync(await rig.ReceiveOneAsync(other), None);
        await other.DisposeAsync();
        Assert.Equal((0, 0, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Receive_WhileSqsRefuses_SaysSoAndGoesOnAfterwards()
    {
        await using var rig = await QueueRig.CreateAsync();
        using (rig.Sqs.On("ReceiveMessage", AwsFault.Refuse("RequestThrottled")))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await rig.Queue.ReceiveAsync(10, Patience())
            );
        }

        await rig.Queue.EnqueueAsync(await rig.AppendAsync(), None);
        await rig.ReceiveOneAsync();
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(1, 2, false)]
    public async Task Receive_WhatMustBeVerified_IsDroppedIfItIsStale(
        int generation,
        int attempt,
        bool isStale
    )
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.FailAsync(due, TimeSpan.Zero);
        if (generation == 2)
        {
            await rig.Events.RestartAsync(due.Key, null, null, false, rig.Now, None);
        }

        await rig.SendRawAsync(
            new DeliveryMessage
            {
                Due = due with { Generation = generation, Attempt = attempt },
                MustVerify = true,
            }
        );
        Assert.Equal(isStale ? 0 : 1, (await rig.ReceiveAllAsync()).Count);
        if (isStale)
        {
            await rig.EmptyAsync();
        }
    }

    [Fact]
    public async Task Receive_AMessageHandedOutBefore_AsksTheStoreFirst()
    {
        await using var rig = await QueueRig.CreateAsync(options =>
            options with
            {
                VisibilityTimeout = TimeSpan.FromSeconds(1),
            }
        );
        var claim = await rig.ClaimAsync();
        Assert.True(await rig.RecordAsync(claim.Due));

        // Never completed: the process died. The lease ends in real time, and another one looks.
        Assert.Empty(await rig.ReceiveAllAsync(rig.NewProcess(), quietMs: 2500));
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Receive_AnUnendedMessageAgain_ClaimsItAnew()
    {
        await using var rig = await QueueRig.CreateAsync(options =>
            options with
            {
                VisibilityTimeout = TimeSpan.FromSeconds(1),
            }
        );
        var claim = await rig.ClaimAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await rig.ReceiveOneAsync();
        Assert.Equal(claim.Due.Key, again.Due.Key);
        Assert.NotEqual(claim.Receipt, again.Receipt);
        await rig.Queue.CompleteAsync(again, None);
        await rig.EmptyAsync();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Receive_LongAfterItsTime_VerifiesOnlyWhatTheSweeperMayHaveHealed(
        int attempt,
        bool isVerified
    )
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        if (attempt == 2)
        {
            due = await rig.FailAsync(due, TimeSpan.Zero);
        }

        await rig.Queue.EnqueueAsync([due], None);
        rig.Time.Advance(rig.Options.HealingGrace + TimeSpan.FromMilliseconds(1));
        await rig.ReceiveOneAsync();
        var reads = rig
            .Dynamo.Of("GetItem")
            .Where(request =>
                request.Json()["TableName"]!.GetValue<string>() == rig.Options.EventsTable
            );
        Assert.Equal(isVerified, reads.Any());
    }

    [Fact]
    public async Task Receive_WhatCannotBeVerified_KeepsItForTheNextCall()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.SendRawAsync(new DeliveryMessage { Due = due, MustVerify = true });
        using (rig.Dynamo.On("GetItem", AwsFault.Refuse("InternalServerError", 500)))
        {
            for (var times = 0; times < 7; times++)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                    await rig.Queue.ReceiveAsync(10, Patience())
                );
            }
        }

        Assert.Equal(due.Key, (await rig.ReceiveOneAsync()).Due.Key);
    }

    [Fact]
    public async Task Receive_WhatCannotBeRead_IsLeftForTheDeadLetterQueue()
    {
        await using var rig = await QueueRig.CreateAsync(options =>
            options with
            {
                VisibilityTimeout = TimeSpan.FromSeconds(1),
            }
        );
        await rig.SendRawAsync("""{"v":9,"secret":"hush"}""");
        var waiting = Stopwatch.StartNew();
        while (
            await rig.CountAsync(rig.Options.DeadLetterQueueUrl) != (1, 0, 0)
            && waiting.Elapsed < TimeSpan.FromSeconds(30)
        )
        {
            Assert.Empty(await rig.ReceiveAllAsync(quietMs: 500));
        }

        Assert.Equal((1, 0, 0), await rig.CountAsync(rig.Options.DeadLetterQueueUrl));
        Assert.Empty(rig.Sqs.Of("DeleteMessageBatch"));
        var told = rig.Log.Entries.Where(entry => entry.Id == 4102).ToList();
        Assert.Equal(5, told.Count);
        Assert.DoesNotContain(told, entry => entry.Text.Contains("hush"));
    }

    [Fact]
    public async Task Receive_OneWhoseItemCannotBeRead_HandsOutTheOthers()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 3);
        await rig.FailAsync(dues[1], TimeSpan.Zero);
        await rig.SpoilAsync(dues[1]);
        foreach (var due in dues)
        {
            await rig.SendRawAsync(new DeliveryMessage { Due = due, MustVerify = true });
        }

        var claims = await rig.ReceiveAllAsync();
        Assert.Equal(
            new[] { dues[0].Key, dues[2].Key }.ToHashSet(),
            claims.Select(claim => claim.Due.Key).ToHashSet()
        );
        Assert.Equal((0, 3, 0), await rig.CountAsync());
        Assert.Single(rig.Log.Entries, entry => entry.Id == 4102);
    }

    [Fact]
    public async Task Complete_Many_DeletesThemInBatches()
    {
        await using var rig = await QueueRig.CreateAsync();
        await rig.Queue.EnqueueAsync(await rig.AppendAsync(endpoints: 23), None);
        foreach (var claim in await rig.ReceiveAllAsync())
        {
            await rig.Queue.CompleteAsync(claim, None);
        }

        await rig.EmptyAsync();
        Assert.Equal(
            [10, 10, 3],
            rig.Sqs.Of("DeleteMessageBatch")
                .Select(request => request.Json()["Entries"]!.AsArray().Count)
        );
    }

    [Fact]
    public async Task Complete_PartlyRefused_LeavesTheRestToComeAgain()
    {
        await using var rig = await QueueRig.CreateAsync(options =>
            options with
            {
                VisibilityTimeout = TimeSpan.FromSeconds(2),
            }
        );
        await rig.Queue.EnqueueAsync(await rig.AppendAsync(endpoints: 10), None);
        var claims = await rig.ReceiveAllAsync(quietMs: 200);
        foreach (var claim in claims)
        {
            Assert.True(await rig.RecordAsync(claim.Due));
        }

        using (
            rig.Sqs.On(
                "DeleteMessageBatch",
                AwsFault.FailEntries(entry => entry["Id"]!.GetValue<string>() is "3" or "4"),
                times: 1
            )
        )
        {
            foreach (var claim in claims)
            {
                await rig.Queue.CompleteAsync(claim, None);
            }

            await Until.HoldsAsync(
                async () =>
                    await rig.CountAsync() is (_, _, 0) and var (seen, held, _) && seen + held == 2,
                TimeSpan.FromSeconds(10),
                () => "two are left"
            );
        }

        // They come again, are recognised, and go.
        Assert.Empty(await rig.ReceiveAllAsync(quietMs: 3000));
        await rig.EmptyAsync();
        Assert.Contains(rig.Log.Entries, entry => entry.Id == 4101);
    }

    [Fact]
    public async Task Complete_WhileSqsRefuses_DoesNotThrow()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        using var outage = rig.Sqs.On("DeleteMessageBatch", AwsFault.DropBefore());
        await rig.Queue.CompleteAsync(claim, None);
        await Until.HoldsAsync(
            () => new(rig.Log.Entries.Any(entry => entry.Id == 4101)),
            TimeSpan.FromSeconds(20),
            () => "the failure is logged"
        );
        Assert.Equal((0, 1, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task DeadLetter_WhileSqsRefuses_DoesNotThrow()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        using (rig.Sqs.On("SendMessage", AwsFault.Refuse("RequestThrottled")))
        {
            await rig.Queue.DeadLetterAsync(due, ReasonCode.HttpStatus, None);
        }

        await rig.Queue.DeadLetterAsync(due, ReasonCode.HttpStatus, None);
        Assert.Equal((1, 0, 0), await rig.CountAsync(rig.Options.DeadLetterQueueUrl));
    }
}
