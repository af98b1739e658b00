using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class QueueSweepTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Sweep_OfALostMessage_HealsItAfterTheGraceAndNotBefore()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(5));
        await rig.Queue.CompleteAsync(claim, None);

        rig.Time.Advance(
            TimeSpan.FromMinutes(5) + rig.Options.HealingGrace - TimeSpan.FromMilliseconds(1)
        );
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));

        var healed = await rig.ReceiveOneAsync();
        Assert.Equal(retry, healed.Due with { Payload = retry.Payload });
        Assert.Equal("{}"u8, healed.Due.Payload!.Value.Span);
        Assert.True(rig.Sent[^1].Message.MustVerify);
        Assert.Null(rig.Sent[^1].DelaySeconds);
    }

    [Fact]
    public async Task Sweep_OfWhatIsLostAgain_HealsItWhenTheClaimEnds()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(5));
        rig.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(
            rig.Now + rig.Options.SweepClaim,
            QueueRig.DueAt(await rig.DeliveryItemAsync(retry))
        );
        rig.Time.Advance(rig.Options.SweepClaim - rig.Options.LookAhead);
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_WhileNobodyReceives_SendsLessAndLess()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.Zero);
        var sent = new List<int>();
        for (var hour = 0; hour < 48; hour++)
        {
            var before = rig.Sent.Count;
            for (var minute = 0; minute < 60; minute += 5)
            {
                rig.Time.Advance(TimeSpan.FromMinutes(5));
                await rig.Queue.SweepAsync(rig.Now, None);
            }

            sent.Add(rig.Sent.Count - before);
        }

        Assert.Equal(4, sent[0]);
        Assert.Equal(6, sent.Skip(1).Take(11).Sum());
        Assert.InRange(sent.Skip(12).Sum(), 5, 8);

        // Never further off than six hours.
        var heals = QueueRig.DueAt(await rig.DeliveryItemAsync(retry));
        Assert.InRange(heals!.Value, rig.Now, rig.Now.AddHours(6));
        Assert.Equal(rig.Sent[^1].Message.HealAt, heals);
    }

    [Fact]
    public async Task Sweep_WhereAClaimCannotGrow_SendsAllTheSame()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        await rig.FailAsync(claim.Due, TimeSpan.Zero);
        rig.Time.Advance(TimeSpan.FromHours(3));
        var updates = rig.Dynamo.Of("UpdateItem").Count;
        using var fault = rig.Dynamo.On(
            request =>
                request.Operation == "UpdateItem"
                && rig.Dynamo.Of("UpdateItem").Count == updates + 3,
            AwsFault.Refuse("InternalServerError", 500)
        );
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(updates + 3, rig.Dynamo.Of("UpdateItem").Count);
    }

    [Fact]
    public async Task Sweep_OfWhatIsNotLost_HealsNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(5));
        rig.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await rig.RecordAsync(retry));
        rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_OfWhatRests_SendsItAheadWithTheRestOfItsWait()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(16));
        await rig.Queue.EnqueueAsync([retry], None);

        rig.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));

        var sent = rig.Sent[^1];
        Assert.Equal(51, sent.DelaySeconds);
        Assert.Equal(rig.Tenant.Value, sent.Group);
        Assert.Equal(retry, sent.Due with { Payload = retry.Payload });
        Assert.False(sent.Message.MustVerify);
        var healing = retry.DueAt + rig.Options.HealingGrace + rig.Options.LookAhead;
        Assert.Equal(healing, sent.Message.HealAt);
        Assert.Equal(healing, QueueRig.DueAt(await rig.DeliveryItemAsync(retry)));

        // And from here on it heals as any other.
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_OfWhatRestedTooLong_SendsItAtOnceAndLeavesItAloneFromNow()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var retry = await rig.FailAsync(claim.Due, TimeSpan.FromMinutes(16));
        rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Null(rig.Sent[^1].DelaySeconds);
        Assert.Equal(
            rig.Now + rig.Options.HealingGrace + rig.Options.LookAhead,
            QueueRig.DueAt(await rig.DeliveryItemAsync(retry))
        );
    }

    [Fact]
    public async Task Sweep_ByTwoAtOnce_SendsOnce()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 30);
        using (rig.Sqs.On(_ => true, AwsFault.Refuse("RequestThrottled")))
        {
            await rig.Queue.EnqueueAsync(await rig.AppendAsync(endpoints: 3), None);
        }

        foreach (var due in dues)
        {
            await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(20));
        var before = rig.Sent.Count;
        var sweepers = new[] { rig.Process, rig.NewProcess(), rig.NewProcess() };
        var counts = await Task.WhenAll(
            sweepers.Select(async each => await each.Queue.SweepAsync(rig.Now, None))
        );
        Assert.Equal(33, counts.Sum());
        Assert.Equal(33, rig.Sent.Skip(before).Select(sent => sent.Due.Key).Distinct().Count());
        Assert.Equal(33, rig.Sent.Count - before);
    }

    [Fact]
    public async Task Sweep_OfManyInOneShard_FindsThemAll()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 60);
        foreach (var due in dues)
        {
            await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(60, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_OfABacklog_WalksItToItsEnd()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 1050);
        await Parallel.ForEachAsync(
            dues,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (due, _) => await rig.FailAsync(due, TimeSpan.FromMinutes(20))
        );
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(1050, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_OfALargePayload_LeavesItToTheStore()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync(payload: new string('x', 20_000)));
        await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Null(rig.Sent[^1].Due.Payload);
        Assert.Equal("order.created", rig.Sent[^1].Due.EventType);
    }

    [Fact]
    public async Task Sweep_OfADeliveryWhoseEventIsGone_DeletesIt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        await rig.DeleteItemAsync(due.Key.EventId.ToString());
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Null(await rig.DeliveryItemAsync(due));
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public async Task Sweep_WhileSqsRefuses_StopsClaimingAndSendsAfterwards()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 60);
        foreach (var due in dues)
        {
            await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(20));
        using (rig.Sqs.On("SendMessageBatch", AwsFault.Refuse("ServiceUnavailable", 503)))
        {
            Assert.Equal(0, await rig.Queue.SweepAsync(rig.Now, None));
        }

        // The first page of 25 is claimed, the other 35 are not.
        var before = rig.Sent.Count;
        Assert.Equal(35, await rig.Queue.SweepAsync(rig.Now, None));
        foreach (var sent in rig.Sent.Skip(before))
        {
            Assert.True(await rig.RecordAsync(sent.Due));
        }

        rig.Time.Advance(rig.Options.HealingGrace);
        Assert.Equal(25, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_PartlyRefused_KeepsTheRestOfAnEvent()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 4);
        using (rig.Sqs.On(_ => true, AwsFault.Refuse("RequestThrottled")))
        {
            await rig.Queue.EnqueueAsync(dues, None);
        }

        rig.Time.Advance(TimeSpan.FromMinutes(1));
        var victim = dues[2].Key.EndpointId;
        using (
            rig.Sqs.On(
                "SendMessageBatch",
                AwsFault.FailEntries(
                    entry => entry["MessageBody"]!.GetValue<string>().Contains($"{victim}"),
                    "Refused",
                    senderFault: true
                )
            )
        )
        {
            Assert.Equal(3, await rig.Queue.SweepAsync(rig.Now, None));
        }

        var item = await rig.EventItemAsync(dues[0]);
        Assert.Equal([victim], EventItem.Unsent(item!));
        Assert.Equal(rig.Now + OverdueClaims.EventClaim, QueueRig.DueAt(item));
        rig.Time.Advance(OverdueClaims.EventClaim);
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
        Assert.Equal(victim, rig.Sent[^1].Due.Key.EndpointId);
        Assert.Null(QueueRig.DueAt(await rig.EventItemAsync(dues[0])));
    }

    [Fact]
    public async Task Sweep_WithoutDynamo_SaysSo()
    {
        await using var rig = await QueueRig.CreateAsync();
        using var outage = rig.Dynamo.On("Query", AwsFault.Refuse("InternalServerError", 500));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await rig.Queue.SweepAsync(rig.Now, None)
        );
    }

    [Fact]
    public async Task Sweep_WhereOneItemCannotBeClaimed_SendsTheOthersOfItsPage()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = await rig.AppendAsync(endpoints: 5);
        foreach (var due in dues)
        {
            await rig.FailAsync(due, TimeSpan.FromMinutes(20));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(20));
        using (rig.Dynamo.On("UpdateItem", AwsFault.Refuse("InternalServerError", 500), times: 1))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await rig.Queue.SweepAsync(rig.Now, None)
            );
        }

        Assert.Equal(4, rig.Sent.Count);
        Assert.Equal(1, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Sweep_InTheEnd_TellsTheSweepOfDeadLettersTheTime()
    {
        await using var rig = await QueueRig.CreateAsync();
        var deadLetters = new RecordedSweeps();
        var process = rig.NewProcess(deadLetters);
        await process.Queue.SweepAsync(rig.Now, None);
        Assert.Equal([rig.Now], deadLetters.Times);
    }

    private sealed class RecordedSweeps : IDeadLetterSweep
    {
        public List<DateTimeOffset> Times { get; } = [];

        public ValueTask SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            Times.Add(now);
            return ValueTask.CompletedTask;
        }
    }
}
