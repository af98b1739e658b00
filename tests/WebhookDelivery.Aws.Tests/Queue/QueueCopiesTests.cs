using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Several messages of one attempt, or one message several times, at one process.</summary>
public sealed class QueueCopiesTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Receive_ACopyOfWhatIsHeld_DeletesIt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        await rig.SendRawAsync(new DeliveryMessage { Due = due });
        await rig.SendRawAsync(new DeliveryMessage { Due = due });
        var claim = Assert.Single(await rig.ReceiveAllAsync());
        Assert.Equal((0, 1, 0), await rig.CountAsync());

        // What is held still ends as ever.
        Assert.True(await rig.RecordAsync(claim.Due));
        await rig.Queue.CompleteAsync(claim, None);
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Receive_TheHeldMessageAgain_LeavesIt()
    {
        // The clock stands still, so that the lease lasts here and has ended at SQS.
        await using var rig = await QueueRig.CreateAsync(options =>
            options with
            {
                VisibilityTimeout = TimeSpan.FromSeconds(1),
            }
        );
        await rig.ClaimAsync();
        Assert.Empty(await rig.ReceiveAllAsync(quietMs: 2000));
        var (visible, held, _) = await rig.CountAsync();
        Assert.Equal(1, visible + held);
        Assert.Empty(rig.Sqs.Of("DeleteMessageBatch"));
    }

    [Fact]
    public async Task Receive_ACopyOfWhatIsNearlyNoLongerHeld_LeavesIt()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        rig.Time.Advance(rig.Options.VisibilityTimeout - TimeSpan.FromSeconds(1));
        await rig.SendRawAsync(new DeliveryMessage { Due = claim.Due });
        Assert.Empty(await rig.ReceiveAllAsync());
        Assert.Equal((0, 2, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Postpone_WhoseMessageComesBeforeItsAnswer_IsClaimedAndNotTakenForACopy()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        var gate = new TaskCompletionSource();
        using var slow = rig.Sqs.On(
            "SendMessage",
            async (request, forward) =>
            {
                var answer = await forward(request);
                await gate.Task;
                return answer;
            }
        );
        var postponing = rig.Queue.PostponeAsync(claim, rig.Now, None).AsTask();
        var next = await rig.ReceiveOneAsync();
        Assert.Equal(1, next.Postponements);
        gate.SetResult();
        await postponing;
        Assert.True(await rig.RecordAsync(next.Due));
        await rig.Queue.CompleteAsync(next, None);
        await rig.EmptyAsync();
    }

    [Fact]
    public async Task Postpone_Refused_StillHoldsTheClaim()
    {
        await using var rig = await QueueRig.CreateAsync();
        var claim = await rig.ClaimAsync();
        using (rig.Sqs.On("SendMessage", AwsFault.Refuse("RequestThrottled")))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await rig.Queue.PostponeAsync(claim, rig.Now, None)
            );
        }

        await rig.SendRawAsync(new DeliveryMessage { Due = claim.Due });
        Assert.Empty(await rig.ReceiveAllAsync());
        await rig.Queue.PostponeAsync(claim, rig.Now, None);
        Assert.Equal(1, (await rig.ReceiveOneAsync()).Postponements);
    }
}
