using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>Tables, queues and a bucket of one test, and the settings of functions that share them.</summary>
internal sealed class AwsHome : IDisposable
{
    private readonly AwsEmulators _emulators;
    private readonly string _prefix = $"lambda-{Guid.NewGuid():N}";
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private AwsHome(AwsEmulators emulators)
    {
        _emulators = emulators;
        Sqs = new AmazonSQSClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonSQSConfig
            {
                ServiceURL = emulators.SqsUrl,
                AuthenticationRegion = "us-east-1",
            }
        );
    }

    /// <summary>The operator's key.</summary>
    public string AdminKey { get; } =
        ApiKeyToken.Create(ApiKeyRole.Operator, null, null, DateTimeOffset.UtcNow).Text;

    /// <summary>The queues.</summary>
    public AmazonSQSClient Sqs { get; }

    /// <summary>The queue of due deliveries.</summary>
    public string QueueUrl { get; private set; } = "";

    /// <summary>The queue of dead letters.</summary>
    public string DeadLetterQueueUrl { get; private set; } = "";

    /// <summary>Makes the queues, whose URLs only SQS can tell; the rest is the functions' to make.</summary>
    public static async Task<AwsHome> OpenAsync()
    {
        var home = new AwsHome(await AwsEmulators.Shared);
        home.QueueUrl = await home.CreateAsync("due");
        home.DeadLetterQueueUrl = await home.CreateAsync("dead");
        return home;
    }

    /// <summary>Starts a function; receivers on loopback are allowed to it.</summary>
    /// <param name="name">Which.</param>
    /// <param name="port">The receiver's port.</param>
    public Task<FunctionProcess> StartAsync(string name, int port) =>
        FunctionProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["AWS_ACCESS_KEY_ID"] = "test",
                ["AWS_SECRET_ACCESS_KEY"] = "test",
                ["AWS_REGION"] = "us-east-1",
                ["AWS_ENDPOINT_URL_DYNAMODB"] = _emulators.DynamoDbUrl,
                ["AWS_ENDPOINT_URL_SQS"] = _emulators.SqsUrl,
                ["AWS_ENDPOINT_URL_S3"] = _emulators.S3Url,
                ["WebhookDelivery__Function"] = name,
                ["WebhookDelivery__Storage"] = "Aws",
                ["WebhookDelivery__AdminKey"] = AdminKey,
                ["WebhookDelivery__Secrets__MasterKey"] = _masterKey,
                ["WebhookDelivery__Aws__TablePrefix"] = _prefix,
                ["WebhookDelivery__Aws__QueueUrl"] = QueueUrl,
                ["WebhookDelivery__Aws__DeadLetterQueueUrl"] = DeadLetterQueueUrl,
                ["WebhookDelivery__Aws__PayloadBucket"] = $"{_prefix}-payloads",
                ["WebhookDelivery__Aws__CreateMissing"] = "true",
                ["WebhookDelivery__Delivery__AllowHttp"] = "true",
                ["WebhookDelivery__Delivery__AllowedNetworks"] = "127.0.0.0/8",
                ["WebhookDelivery__Delivery__AllowedPorts"] = $"{port}",
            }
        );

    /// <summary>Takes up to 10 messages from the queue of due deliveries, as Lambda would.</summary>
    public async Task<IReadOnlyList<Message>> ReceiveAsync()
    {
        var answer = await Sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = QueueUrl,
                MaxNumberOfMessages = 10,
                WaitTimeSeconds = 1,
                MessageSystemAttributeNames = ["All"],
            }
        );
        return answer.Messages ?? [];
    }

    public void Dispose() => Sqs.Dispose();

    private async Task<string> CreateAsync(string queue) =>
        (await Sqs.CreateQueueAsync($"{_prefix}-{queue}")).QueueUrl;
}
