using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeliveryMessageReaderTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Read_AMessage_IsAClaimWithoutReceipt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        var claim = await ReadAsync(rig, new DeliveryMessage { Due = due, Postponements = 2 });
        Assert.Equal(due, claim.Due with { Payload = due.Payload });
        Assert.Null(claim.Receipt);
        Assert.Equal(rig.Now.AddMinutes(6), claim.LeaseEndsAt);
        Assert.Equal(2, claim.Postponements);
        Assert.Empty(rig.Dynamo.Requests);
    }

    [Fact]
    public async Task Read_WhatWasHandedOutBeforeAndIsOver_IsStale()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        Assert.True(await rig.RecordAsync(due));
        var message = new DeliveryMessage { Due = due };
        await ReadAsync(rig, message, receiveCount: 1);
        var reading = await rig.Process.Reader.ReadAsync(Body(message), 2, rig.Now, None);
        Assert.Equal(new DeliveryMessageReading.Stale(due.Key), reading);
    }

    [Fact]
    public async Task Read_WhatWasHandedOutBeforeAndIsOpen_IsAClaim()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await ReadAsync(rig, new DeliveryMessage { Due = due }, receiveCount: 5);
    }

    [Fact]
    public async Task Read_WhatIsNoDelivery_IsMalformed()
    {
        await using var rig = await QueueRig.CreateAsync();
        var reading = await rig.Process.Reader.ReadAsync("secret", 1, rig.Now, None);
        var malformed = Assert.IsType<DeliveryMessageReading.Malformed>(reading);
        Assert.DoesNotContain("secret", malformed.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WhereTheStoreIsAwayAndMustBeAsked_SaysSo()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        using var outage = rig.Dynamo.On(_ => true, AwsFault.Refuse("InternalServerError", 500));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await ReadAsync(rig, new DeliveryMessage { Due = due, MustVerify = true })
        );
    }

    [Fact]
    public async Task Complete_AClaimWithoutReceipt_DeletesNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        var claim = await ReadAsync(rig, new DeliveryMessage { Due = due });
        var process = rig.NewProcess();
        await process.Queue.CompleteAsync(claim, None);
        await process.DisposeAsync();
        Assert.Empty(rig.Sqs.Requests);
    }

    [Fact]
    public async Task Postpone_AClaimWithoutReceipt_SendsAndDeletesNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        var message = new DeliveryMessage
        {
            Due = due,
            MustVerify = true,
            HealAt = DeliveryMessage.NoItem,
        };
        var claim = await ReadAsync(rig, message);
        await rig.Queue.PostponeAsync(claim, rig.Now.AddMinutes(1), None);
        await rig.Process.DisposeAsync();

        var sent = Assert.Single(rig.Sent);
        Assert.Equal(60, sent.DelaySeconds);
        Assert.Equal(1, sent.Message.Postponements);
        Assert.True(sent.Message.MustVerify);
        Assert.Equal(DeliveryMessage.NoItem, sent.Message.HealAt);
        Assert.Single(rig.Sqs.Requests);
    }

    [Fact]
    public async Task Postpone_AClaimWithoutReceiptBeyondSqsLimit_Rests()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        var claim = await ReadAsync(rig, new DeliveryMessage { Due = due });
        await rig.Queue.PostponeAsync(claim, rig.Now.AddHours(1), None);
        Assert.Empty(rig.Sqs.Requests);
        Assert.Equal(rig.Now.AddHours(1), QueueRig.DueAt(await rig.DeliveryItemAsync(due)));
    }

    private static async Task<ClaimedDelivery> ReadAsync(
        QueueRig rig,
        DeliveryMessage message,
        int receiveCount = 1
    )
    {
        var reading = await rig.Process.Reader.ReadAsync(
            Body(message),
            receiveCount,
            rig.Now.AddMinutes(6),
            None
        );
        return Assert.IsType<DeliveryMessageReading.Claimed>(reading).Claim;
    }

    private static string Body(DeliveryMessage message) =>
        DeliveryMessageCodec.Write(message, 64 * 1024).Body;
}
