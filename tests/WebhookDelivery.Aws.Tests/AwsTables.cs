using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// Tables, queues and bucket of one test, in the emulators that all tests share, and the clients
/// to them. Disposing it removes the tables; what else there is goes with the emulators.
/// </summary>
internal sealed class AwsTables : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private readonly AwsEmulators _emulators;

    private AwsTables(AwsEmulators emulators)
    {
        _emulators = emulators;
        Dynamo = CreateDynamo();
        Sqs = new AmazonSQSClient(
            Credentials,
            new AmazonSQSConfig { ServiceURL = emulators.SqsUrl, AuthenticationRegion = Region }
        );
        S3 = new AmazonS3Client(
            Credentials,
            new AmazonS3Config
            {
                ServiceURL = emulators.S3Url,
                AuthenticationRegion = Region,
                ForcePathStyle = true,
            }
        );
        var prefix = $"t{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        Options = new AwsEngineOptions
        {
            TablePrefix = prefix,
            QueueUrl = $"{prefix}-due",
            DeadLetterQueueUrl = $"{prefix}-dead",
            PayloadBucket = $"{prefix}-payloads",
            DelayMax = TimeSpan.Zero,
        };
    }

    /// <summary>What the emulators take for credentials.</summary>
    public static AWSCredentials Credentials { get; } = new BasicAWSCredentials("test", "test");

    /// <summary>
    /// Names and defaults, <see cref="AwsEngineOptions.DelayMax"/> being zero: every wait goes
    /// through `due-index`, as the clock of tests stands still.
    /// </summary>
    public AwsEngineOptions Options { get; private set; }

    public IAmazonDynamoDB Dynamo { get; }

    public IAmazonSQS Sqs { get; }

    public IAmazonS3 S3 { get; }

    /// <summary>Makes tables, queues and bucket under names that nobody else has.</summary>
    public static async Task<AwsTables> CreateAsync()
    {
        var tables = new AwsTables(await AwsEmulators.Shared);
        var provisioning = new AwsProvisioning(tables.Dynamo, tables.Sqs, tables.S3);
        tables.Options = await provisioning.CreateMissingAsync(
            tables.Options,
            CancellationToken.None
        );
        return tables;
    }

    /// <summary>A further client to DynamoDB, such as one whose HTTP is tampered with; the caller's to dispose.</summary>
    public AmazonDynamoDBClient CreateDynamo(Action<AmazonDynamoDBConfig>? configure = null)
    {
        var config = new AmazonDynamoDBConfig
        {
            ServiceURL = _emulators.DynamoDbUrl,
            AuthenticationRegion = Region,
        };
        configure?.Invoke(config);
        return new AmazonDynamoDBClient(Credentials, config);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(
            Dynamo.DeleteTableAsync(Options.TenantsTable),
            Dynamo.DeleteTableAsync(Options.EventsTable)
        );
        Dynamo.Dispose();
        Sqs.Dispose();
        S3.Dispose();
    }
}
