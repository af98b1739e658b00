using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>SQS takes connections and does not answer: nobody waits for long, and nothing is lost.</summary>
public sealed class QueueHangingTests
{
    /// <summary>Above the 4 s of the sender, and far below the timeout of a client.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    private static readonly ProxyRule s_hang = AwsFault.After(new TaskCompletionSource().Task);

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Enqueue_WhileSqsHangs_IsAcceptedSoonAndLeftToTheSweeper()
    {
        await using var rig = await QueueRig.CreateAsync();
        var dues = new List<DueDelivery>();
        for (var i = 0; i < 60; i++)
        {
            dues.AddRange(await rig.AppendAsync());
        }

        using (rig.Sqs.On("SendMessage", s_hang))
        using (rig.Sqs.On("SendMessageBatch", s_hang))
        {
            var enqueuing = dues.Select(due => rig.Queue.EnqueueAsync([due], None).AsTask());
            await Task.WhenAll(enqueuing).WaitAsync(s_patience);
        }

        foreach (var due in dues)
        {
            Assert.Equal(rig.Now.AddSeconds(30), QueueRig.DueAt(await rig.EventItemAsync(due)));
        }

        rig.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(60, await rig.Queue.SweepAsync(rig.Now, None));
    }

    [Fact]
    public async Task Send_WhileTooManyWait_IsRefusedAtOnce()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = Assert.Single(await rig.AppendAsync());
        List<OutgoingMessage> New(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => new OutgoingMessage(
                        new DeliveryMessage { Due = due },
                        TimeSpan.Zero,
                        rig.Options.MessageBytesMax
                    )),
            ];
        using var hang = rig.Sqs.On("SendMessageBatch", s_hang);

        // 4 calls of 10 are under way, the others wait.
        var waiting = rig.Process.Sender.SendAsync(New(MessageSender.WaitingMax + 40));
        var more = New(3);
        var refused = rig.Process.Sender.SendAsync(more);
        Assert.True(refused.IsCompleted);
        Assert.Equal(more, await refused);
        Assert.Equal(MessageSender.WaitingMax + 40, (await waiting.WaitAsync(s_patience)).Count);

        // And with all of them gone there is room again.
        hang.Dispose();
        Assert.Empty(await rig.Process.Sender.SendAsync(New(3)));
    }
}
