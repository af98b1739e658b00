using System.Diagnostics;
using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AwsStandIns.Tests.Sqs;

public sealed class MessageTests
{
    [Fact]
    public async Task SendMessage_ThenReceive_GivesBodyIdAndAttributes()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        var sent = await sqs.SendMessageAsync(
            new SendMessageRequest
            {
                QueueUrl = queue,
                MessageBody = "hello",
                MessageGroupId = "tenant",
                MessageAttributes = new()
                {
                    ["kind"] = new() { DataType = "String", StringValue = "greeting" },
                    ["bytes"] = new()
                    {
                        DataType = "Binary",
                        BinaryValue = new MemoryStream([1, 2, 3]),
                    },
                },
            }
        );
        var received = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = queue,
                MessageAttributeNames = ["All"],
                MessageSystemAttributeNames = [MessageSystemAttributeName.ApproximateReceiveCount],
            }
        );

        var message = Assert.Single(received.Messages);
        Assert.Equal("hello", message.Body);
        Assert.Equal(sent.MessageId, message.MessageId);
        Assert.Equal(sent.MD5OfMessageBody, message.MD5OfBody);
        Assert.Equal(sent.MD5OfMessageAttributes, message.MD5OfMessageAttributes);
        Assert.Equal("1", message.Attributes["ApproximateReceiveCount"]);
        Assert.Equal("greeting", message.MessageAttributes["kind"].StringValue);
        Assert.Equal([1, 2, 3], message.MessageAttributes["bytes"].BinaryValue.ToArray());
        Assert.NotEmpty(message.ReceiptHandle);
    }

    [Fact]
    public async Task SendMessage_EveryCharacterTheEmulatorTakes_ComesBackExactly()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        var body = new StringBuilder("\t\n\r");
        for (var code = 0x20; code <= 0xFFFD; code++)
        {
            if (!char.IsSurrogate((char)code))
            {
                body.Append((char)code);
            }
        }

        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = body.ToString() });

        var message = Assert.Single(await sqs.ReceiveAsync(queue));
        Assert.Equal(body.ToString(), message.Body, StringComparer.Ordinal);
    }

    [Fact]
    public async Task SendMessage_ForbiddenCharacter_ThrowsInvalidMessageContents()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        await Assert.ThrowsAsync<InvalidMessageContentsException>(() =>
            sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "bell\u0007" })
        );
    }

    [Fact]
    public async Task SendMessage_UnknownQueue_ThrowsQueueDoesNotExist()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        await Assert.ThrowsAsync<QueueDoesNotExistException>(() =>
            sqs.SendMessageAsync(new() { QueueUrl = queue + "-not", MessageBody = "x" })
        );
    }

    [Fact]
    public async Task SendMessage_Delayed_IsNotThereYet()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        await sqs.SendMessageAsync(
            new SendMessageRequest
            {
                QueueUrl = queue,
                MessageBody = "later",
                DelaySeconds = 900,
            }
        );

        Assert.Empty(await sqs.ReceiveAsync(queue));
    }

    [Fact]
    public async Task DeleteMessage_Received_DoesNotComeBack()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync(new() { [QueueAttributeName.VisibilityTimeout] = "0" });
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "once" });
        var message = Assert.Single(await sqs.ReceiveAsync(queue));
        // It does come back, as it is never hidden.
        message = Assert.Single(await sqs.ReceiveAsync(queue));

        await sqs.DeleteMessageAsync(
            new DeleteMessageRequest { QueueUrl = queue, ReceiptHandle = message.ReceiptHandle }
        );

        Assert.Empty(await sqs.ReceiveAsync(queue));
    }

    [Fact]
    public async Task ChangeMessageVisibility_ToZero_ShowsItAgain()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "again" });
        var message = Assert.Single(await sqs.ReceiveAsync(queue));
        Assert.Empty(await sqs.ReceiveAsync(queue));

        await sqs.ChangeMessageVisibilityAsync(
            new ChangeMessageVisibilityRequest
            {
                QueueUrl = queue,
                ReceiptHandle = message.ReceiptHandle,
                VisibilityTimeout = 0,
            }
        );

        var again = Assert.Single(await sqs.ReceiveAsync(queue));
        Assert.Equal(message.MessageId, again.MessageId);
    }

    [Fact]
    public async Task ReceiveMessage_VisibilityTimeoutZero_HidesNothing()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "seen" });

        await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = queue, VisibilityTimeout = 0 }
        );

        Assert.Single(await sqs.ReceiveAsync(queue));
    }

    [Fact]
    public async Task ReceiveMessage_LongPoll_EndsWhenAMessageComes()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        var poll = sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = queue, WaitTimeSeconds = 20 }
        );

        var sent = await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "now" });

        var received = await poll.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(sent.MessageId, Assert.Single(received.Messages).MessageId);
    }

    [Fact]
    public async Task ReceiveMessage_LongPollCancelled_EndsAtOnce()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        using var cancellation = new CancellationTokenSource();
        var start = Stopwatch.GetTimestamp();
        var poll = sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = queue, WaitTimeSeconds = 20 },
            cancellation.Token
        );

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }
}
