using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeadLetterQueueTests : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private DeadLetterWire _wire = null!;
    private DeadLetterQueue _queue = null!;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync()
    {
        _wire = await DeadLetterWire.CreateAsync();
        _queue = new DeadLetterQueue(_wire.Sqs, _wire.Options, _log.For<DeadLetterQueue>());
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    [Fact]
    public async Task Receive_OfAnEmptyQueue_IsNone() =>
        Assert.Empty(await _queue.ReceiveAsync(10, None));

    [Fact]
    public async Task Release_Messages_MakesThemVisibleAtOnce()
    {
        var received = await SendAndReceiveAsync(12);
        Assert.Empty(await _queue.ReceiveAsync(10, None));
        await _queue.ReleaseAsync(received.Select(each => each.ReceiptHandle), None);
        Assert.Equal((12, 0), await _wire.CountsAsync());
    }

    [Fact]
    public async Task Delete_Messages_LeavesNone()
    {
        var received = await SendAndReceiveAsync(12);
        Assert.Empty(await _queue.DeleteAsync(received.Select(each => each.ReceiptHandle), None));
        Assert.Equal(0, await _wire.CountAsync());
    }

    [Fact]
    public async Task Delete_SomeFailAtFirst_IsRepeatedForThem()
    {
        var received = await SendAndReceiveAsync(10);
        _wire.Proxy.On("DeleteMessageBatch", AwsFault.FailEntries(IsOdd), times: 1);
        Assert.Empty(await _queue.DeleteAsync(received.Select(each => each.ReceiptHandle), None));
        var asked = _wire.Proxy.Of("DeleteMessageBatch");
        Assert.Equal([10, 5], asked.Select(each => each.Json()["Entries"]!.AsArray().Count));
        Assert.Equal(0, await _wire.CountAsync());
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Delete_SomeFailToTheEnd_IsSaidOnceAndLeavesThem()
    {
        var received = await SendAndReceiveAsync(10);
        _wire.Proxy.On("DeleteMessageBatch", AwsFault.FailEntries(IsOf(received[3])));
        var left = await _queue.DeleteAsync(received.Select(each => each.ReceiptHandle), None);
        Assert.Equal([received[3].ReceiptHandle], left);
        Assert.Equal(3, _wire.Proxy.Of("DeleteMessageBatch").Count);
        Assert.Contains("InternalError", Assert.Single(_log.Entries).Text);
        Assert.Equal(1, await _wire.CountAsync());
    }

    [Fact]
    public async Task Delete_OneIsTheSendersFault_IsNotRepeated()
    {
        var received = await SendAndReceiveAsync(2);
        _wire.Proxy.On(
            "DeleteMessageBatch",
            AwsFault.FailEntries(IsOf(received[0]), "ReceiptHandleIsInvalid", senderFault: true)
        );
        var left = await _queue.DeleteAsync(received.Select(each => each.ReceiptHandle), None);
        Assert.Equal([received[0].ReceiptHandle], left);
        Assert.Single(_wire.Proxy.Of("DeleteMessageBatch"));
    }

    [Fact]
    public async Task Release_SomeFail_ReleasesTheRestAndSaysSo()
    {
        var received = await SendAndReceiveAsync(3);
        _wire.Proxy.On("ChangeMessageVisibilityBatch", AwsFault.FailEntries(IsOf(received[1])));
        await _queue.ReleaseAsync(received.Select(each => each.ReceiptHandle), None);
        Assert.Single(_log.Entries);
        Assert.Equal(
            received.Where(each => each != received[1]).Select(each => each.MessageId).Order(),
            (await _queue.ReceiveAsync(10, None)).Select(each => each.MessageId).Order()
        );
    }

    [Fact]
    public async Task Anything_WhileTheQueueRefuses_IsLoggedNotThrown()
    {
        var received = await SendAndReceiveAsync(1);
        _wire.Proxy.On((string?)null, AwsFault.Refuse("RequestThrottled"));
        Assert.Empty(await _queue.ReceiveAsync(10, None));
        Assert.Single(await _queue.DeleteAsync([received[0].ReceiptHandle], None));
        await _queue.ReleaseAsync([received[0].ReceiptHandle], None);
        Assert.Equal([4081, 4081, 4081], _log.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Send_ADeadLetter_PutsItOnTheQueue()
    {
        var key = _wire.NewKey();
        Assert.True(await NewMessages().SendAsync(key, 2, ReasonCode.Timeout, None));
        var message = Assert.Single(await _queue.ReceiveAsync(10, None));
        Assert.True(DeadLetterMessage.TryParse(message.Body, out var hint));
        Assert.Equal(new DeadLetterMessage(key, 2, "timeout", _wire.Time.GetUtcNow()), hint);
    }

    [Fact]
    public async Task Send_WhileTheQueueRefuses_IsLoggedNotThrown()
    {
        _wire.Proxy.On("SendMessage", AwsFault.Refuse("RequestThrottled"));
        Assert.False(await NewMessages().SendAsync(_wire.NewKey(), 1, ReasonCode.Timeout, None));
        Assert.Equal(4080, Assert.Single(_log.Entries).Id);
    }

    [Fact]
    public async Task Send_WhileTheQueueHangs_GivesUpAfter5Seconds()
    {
        _wire.Proxy.On("SendMessage", AwsFault.After(new TaskCompletionSource().Task));
        var sending = NewMessages().SendAsync(_wire.NewKey(), 1, ReasonCode.Timeout, None).AsTask();
        await Until.HoldsAsync(
            () => new(_wire.Proxy.Of("SendMessage").Count > 0),
            TimeSpan.FromSeconds(30),
            () => "the request comes"
        );
        _wire.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await sending);
    }

    private static bool IsOdd(JsonObject entry) => int.Parse((string)entry["Id"]!) % 2 == 1;

    private static Func<JsonObject, bool> IsOf(Message message) =>
        entry => (string)entry["ReceiptHandle"]! == message.ReceiptHandle;

    private DeadLetterMessages NewMessages() =>
        new(_wire.Sqs, _wire.Options, _wire.Time, _log.For<DeadLetterMessages>());

    private async Task<List<Message>> SendAndReceiveAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _wire.SendAsync($"message {i}");
        }

        var received = new List<Message>();
        while (received.Count < count)
        {
            received.AddRange(await _queue.ReceiveAsync(10, None));
        }

        return received;
    }
}
