using System.Globalization;
using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// Tables, queues and a bucket, and the settings of functions that share them. The functions reach
/// DynamoDB and SQS by ways that can fail; the tests have ways of their own.
/// </summary>
internal sealed class AwsHome : IAsyncDisposable
{
    private static readonly BasicAWSCredentials s_credentials = new("test", "test");

    /// <summary>Attributes that say until when: due, next attempt, lease of an idempotency key.</summary>
    private static readonly string[] s_times = ["dueAt", "next", "lease"];

    private readonly AwsEmulators _emulators;
    private readonly string _prefix = $"lambda-{Guid.NewGuid():N}";
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly AmazonDynamoDBClient _dynamo;

    private AwsHome(AwsEmulators emulators, FaultProxy wayToDynamoDb, FaultProxy wayToSqs)
    {
        _emulators = emulators;
        WayToDynamoDb = wayToDynamoDb;
        WayToSqs = wayToSqs;
        _dynamo = new AmazonDynamoDBClient(
            s_credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = emulators.DynamoDbUrl,
                AuthenticationRegion = "us-east-1",
            }
        );
        Sqs = new AmazonSQSClient(
            s_credentials,
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

    /// <summary>The functions' way to DynamoDB.</summary>
    public FaultProxy WayToDynamoDb { get; }

    /// <summary>The functions' way to SQS.</summary>
    public FaultProxy WayToSqs { get; }

    /// <summary>The queues.</summary>
    public AmazonSQSClient Sqs { get; }

    /// <summary>The queue of due deliveries.</summary>
    public string QueueUrl { get; private set; } = "";

    /// <summary>The queue of dead letters.</summary>
    public string DeadLetterQueueUrl { get; private set; } = "";

    /// <summary>Makes the queues, whose URLs only SQS can tell; the rest is the functions' to make.</summary>
    public static async Task<AwsHome> OpenAsync()
    {
        var emulators = await AwsEmulators.Shared;
        var home = new AwsHome(
            emulators,
            await FaultProxy.StartAsync(emulators.DynamoDbUrl),
            await FaultProxy.StartAsync(emulators.SqsUrl)
        );
        home.QueueUrl = await home.CreateAsync("due");
        home.DeadLetterQueueUrl = await home.CreateAsync("dead");
        return home;
    }

    /// <summary>Starts a function; receivers on loopback are allowed to it.</summary>
    /// <param name="name">Which.</param>
    /// <param name="port">The receiver's port.</param>
    /// <param name="changes">Settings to add, or to take away by null.</param>
    public Task<FunctionProcess> StartAsync(
        string name,
        int port,
        params IReadOnlyList<(string Name, string? Value)> changes
    )
    {
        var settings = SettingsOf(name, port);
        foreach (var (changed, value) in changes)
        {
            settings.Remove(changed);
            if (value is not null)
            {
                settings[changed] = value;
            }
        }

        return FunctionProcess.StartAsync(settings);
    }

    /// <summary>
    /// Lets time pass for a tenant, as far as its items tell: what is due, leased or kept until a time
    /// is so until an earlier one. The functions have the machine's clock, which cannot be set.
    /// </summary>
    public async Task PassAsync(string tenant, TimeSpan time)
    {
        // Idempotency items stand in partitions of their own, so by a scan: it is a small table.
        var found = await _dynamo.ScanAsync(
            new ScanRequest
            {
                TableName = $"{_prefix}-Events",
                FilterExpression = "begins_with(tenantId, :tenant)",
                ExpressionAttributeValues = new() { [":tenant"] = new() { S = tenant } },
                ConsistentRead = true,
            }
        );
        foreach (var item in found.Items)
        {
            foreach (var name in s_times.Where(item.ContainsKey))
            {
                var earlier =
                    long.Parse(item[name].N, CultureInfo.InvariantCulture)
                    - (long)time.TotalMilliseconds;
                item[name].N = earlier.ToString(CultureInfo.InvariantCulture);
            }

            await _dynamo.PutItemAsync($"{_prefix}-Events", item);
        }
    }

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

    public async ValueTask DisposeAsync()
    {
        Sqs.Dispose();
        _dynamo.Dispose();
        await WayToDynamoDb.DisposeAsync();
        await WayToSqs.DisposeAsync();
    }

    private Dictionary<string, string> SettingsOf(string name, int port) =>
        new(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = WayToDynamoDb.Url,
            ["AWS_ENDPOINT_URL_SQS"] = WayToSqs.Url,
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
        };

    private async Task<string> CreateAsync(string queue) =>
        (await Sqs.CreateQueueAsync($"{_prefix}-{queue}")).QueueUrl;
}
