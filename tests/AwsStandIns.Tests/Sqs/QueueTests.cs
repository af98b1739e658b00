using System.Net;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AwsStandIns.Tests.Sqs;

public sealed class QueueTests
{
    [Fact]
    public async Task GetQueueUrl_ExistingQueue_FindsIt()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var created = await sqs.NewQueueAsync();

        var found = await sqs.GetQueueUrlAsync(
            new GetQueueUrlRequest { QueueName = created.Split('/')[^1] }
        );

        Assert.Equal(created, found.QueueUrl);
        Assert.Equal(HttpStatusCode.OK, found.HttpStatusCode);
    }

    [Fact]
    public async Task GetQueueUrl_UnknownQueue_ThrowsQueueDoesNotExist()
    {
        using var sqs = await SqsClients.EmulatedAsync();

        var refused = await Assert.ThrowsAsync<QueueDoesNotExistException>(() =>
            sqs.GetQueueUrlAsync(new GetQueueUrlRequest { QueueName = "no-such-queue" })
        );

        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue", refused.ErrorCode);
        Assert.Equal(ErrorType.Sender, refused.ErrorType);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Attributes_SetAtCreationAndLater_AreRead()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync(
            new() { [QueueAttributeName.VisibilityTimeout] = "77" }
        );
        await sqs.SetQueueAttributesAsync(
            new SetQueueAttributesRequest
            {
                QueueUrl = queue,
                Attributes = new() { [QueueAttributeName.DelaySeconds] = "3" },
            }
        );

        var read = await sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest
            {
                QueueUrl = queue,
                AttributeNames =
                [
                    QueueAttributeName.VisibilityTimeout,
                    QueueAttributeName.DelaySeconds,
                ],
            }
        );

        Assert.Equal(
            new Dictionary<string, string> { ["VisibilityTimeout"] = "77", ["DelaySeconds"] = "3" },
            read.Attributes
        );
    }

    [Fact]
    public async Task PurgeQueue_Messages_AreGone()
    {
        using var sqs = await SqsClients.EmulatedAsync();
        var queue = await sqs.NewQueueAsync();
        await sqs.SendMessageAsync(new() { QueueUrl = queue, MessageBody = "one" });

        await sqs.PurgeQueueAsync(new PurgeQueueRequest { QueueUrl = queue });

        Assert.Empty(await sqs.ReceiveAsync(queue));
    }
}
