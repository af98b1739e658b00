using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace AwsStandIns.Tests.Sqs;

/// <summary>Clients for tests, and queues of their own in the emulator.</summary>
internal static class SqsClients
{
    /// <summary>A client of whatever answers at this URL; retries are quick and as many as the SDK's.</summary>
    public static AmazonSQSClient At(string url, int retries = 2) =>
        new(
            new BasicAWSCredentials("test-key", "test-secret"),
            new AmazonSQSConfig
            {
                ServiceURL = url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = retries,
            }
        );

    /// <summary>A client of the emulator.</summary>
    public static async Task<AmazonSQSClient> EmulatedAsync() =>
        At((await AwsEmulators.Shared).SqsUrl);

    /// <summary>A new queue's URL.</summary>
    public static async Task<string> NewQueueAsync(
        this AmazonSQSClient sqs,
        Dictionary<string, string>? attributes = null
    )
    {
        var created = await sqs.CreateQueueAsync(
            new CreateQueueRequest { QueueName = $"q-{Guid.NewGuid():n}", Attributes = attributes }
        );
        return created.QueueUrl;
    }

    /// <summary>The messages that are there; a list even where there are none.</summary>
    public static async Task<List<Message>> ReceiveAsync(this AmazonSQSClient sqs, string queueUrl)
    {
        var received = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = queueUrl, MaxNumberOfMessages = 10 }
        );
        return received.Messages ?? [];
    }
}
