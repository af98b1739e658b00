using Amazon.SQS;
using Amazon.SQS.Model;

namespace AwsStandIns.Tests.Sqs;

public sealed class BatchTests
{
    [Fact]
    public async Task SendMessageBatch_OneBadEntry_FailsAloneAndIsTheSendersFault()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        var answer = await sqs.SendMessageBatchAsync(
            new SendMessageBatchRequest
            {
                QueueUrl = queue,
                Entries =
                [
                    new()
                    {
                        Id = "good",
                        MessageBody = "fine",
                        MessageGroupId = "tenant",
                    },
                    new() { Id = "bad", MessageBody = "bell\u0007" },
                    new()
                    {
                        Id = "late",
                        MessageBody = "later",
                        DelaySeconds = 900,
                    },
                ],
            }
        );

        var failed = Assert.Single(answer.Failed);
        Assert.Equal("bad", failed.Id);
        Assert.Equal("InvalidMessageContents", failed.Code);
        Assert.True(failed.SenderFault);
        Assert.NotEmpty(failed.Message);
        Assert.Equal(["good", "late"], answer.Successful.Select(entry => entry.Id));
        var message = Assert.Single(await sqs.ReceiveAsync(queue));
        Assert.Equal("fine", message.Body);
        Assert.Equal(answer.Successful[0].MessageId, message.MessageId);
    }

    [Fact]
    public async Task SendMessageBatch_TooLong_ThrowsBatchRequestTooLong()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();

        await Assert.ThrowsAsync<BatchRequestTooLongException>(() =>
            sqs.SendMessageBatchAsync(
                new SendMessageBatchRequest
                {
                    QueueUrl = queue,
                    Entries = [new() { Id = "a", MessageBody = new string('x', 1024 * 1024 + 1) }],
                }
            )
        );
    }

    [Fact]
    public async Task DeleteMessageBatch_Received_DoNotComeBack()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync(new() { [QueueAttributeName.VisibilityTimeout] = "0" });
        await sqs.SendMessageBatchAsync(
            new SendMessageBatchRequest
            {
                QueueUrl = queue,
                Entries =
                [
                    new() { Id = "a", MessageBody = "one" },
                    new() { Id = "b", MessageBody = "two" },
                ],
            }
        );
        var messages = await sqs.ReceiveAsync(queue);
        Assert.Equal(2, messages.Count);

        var answer = await sqs.DeleteMessageBatchAsync(
            new DeleteMessageBatchRequest
            {
                QueueUrl = queue,
                Entries =
                [
                    .. messages.Select(
                        (message, index) =>
                            new DeleteMessageBatchRequestEntry
                            {
                                Id = $"entry-{index}",
                                ReceiptHandle = message.ReceiptHandle,
                            }
                    ),
                ],
            }
        );

        Assert.Equal(["entry-0", "entry-1"], answer.Successful.Select(entry => entry.Id));
        Assert.Empty(answer.Failed ?? []);
        Assert.Empty(await sqs.ReceiveAsync(queue));
    }

    [Fact]
    public async Task ChangeMessageVisibilityBatch_InvalidReceipt_FailsAlone()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "again" });
        var message = Assert.Single(await sqs.ReceiveAsync(queue));

        var answer = await sqs.ChangeMessageVisibilityBatchAsync(
            new ChangeMessageVisibilityBatchRequest
            {
                QueueUrl = queue,
                Entries =
                [
                    new()
                    {
                        Id = "good",
                        ReceiptHandle = message.ReceiptHandle,
                        VisibilityTimeout = 0,
                    },
                    new()
                    {
                        Id = "bad",
                        ReceiptHandle = "no receipt",
                        VisibilityTimeout = 0,
                    },
                ],
            }
        );

        Assert.Equal("good", Assert.Single(answer.Successful).Id);
        var failed = Assert.Single(answer.Failed);
        Assert.Equal("bad", failed.Id);
        Assert.Equal("ReceiptHandleIsInvalid", failed.Code);
        Assert.True(failed.SenderFault);
        Assert.Single(await sqs.ReceiveAsync(queue));
    }
}
