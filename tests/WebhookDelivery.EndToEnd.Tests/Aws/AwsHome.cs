using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// The AWS engine on the emulators, with tables, queues and bucket of its own. Every wait goes through
/// `due-index` under the test's clock, and the sweeper is called as a schedule would call it.
/// </summary>
public sealed class AwsHome : IEngine
{
    private const string Region = "us-east-1";
    private static readonly AWSCredentials s_credentials = new BasicAWSCredentials("test", "test");
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _prefix = $"e{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>In whose stead SQS is called; null for the emulator itself.</summary>
    public string? SqsUrl { get; set; }

    /// <summary>In whose stead DynamoDB is called; null for the emulator itself.</summary>
    public string? DynamoDbUrl { get; set; }

    /// <summary>What the tables' names begin with.</summary>
    public string TablePrefix => _prefix;

    /// <inheritdoc/>
    public async Task<IRunningServer> StartAsync(ServerSetup setup)
    {
        var emulators = await AwsEmulators.Shared;
        var services = setup.Services;
        var server = await ServerInProcess.StartAsync(
            setup with
            {
                Services = collection =>
                {
                    services(collection);
                    AddClients(collection, emulators);
                },
            },
            _directory.Path,
            Settings(emulators)
        );
        return new Running(server);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<KeyValuePair<string, string?>> Settings(AwsEmulators emulators) =>
        new Dictionary<string, string?>
        {
            ["Storage"] = "Aws",
            ["Secrets:MasterKey"] = _masterKey,
            ["Aws:TablePrefix"] = _prefix,
            ["Aws:QueueUrl"] = emulators.QueueUrl($"{_prefix}-due"),
            ["Aws:DeadLetterQueueUrl"] = emulators.QueueUrl($"{_prefix}-dead"),
            ["Aws:PayloadBucket"] = $"{_prefix}-payloads",
            ["Aws:CreateMissing"] = "true",
            ["Aws:DelayMaxSeconds"] = "0",
            // The emulator hands messages to polls that hung up: a stop must be able to wait for them.
            ["Aws:ReceiveWaitSeconds"] = "1",
        };

    private void AddClients(IServiceCollection services, AwsEmulators emulators)
    {
        services.AddSingleton<IAmazonDynamoDB>(_ => new AmazonDynamoDBClient(
            s_credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = DynamoDbUrl ?? emulators.DynamoDbUrl,
                AuthenticationRegion = Region,
            }
        ));
        services.AddSingleton<IAmazonSQS>(_ => new AmazonSQSClient(
            s_credentials,
            new AmazonSQSConfig
            {
                ServiceURL = SqsUrl ?? emulators.SqsUrl,
                AuthenticationRegion = Region,
            }
        ));
        services.AddSingleton<IAmazonS3>(_ => new AmazonS3Client(
            s_credentials,
            new AmazonS3Config
            {
                ServiceURL = emulators.S3Url,
                AuthenticationRegion = Region,
                ForcePathStyle = true,
            }
        ));
    }

    /// <summary>A server, and what calls its sweeper while time stands still.</summary>
    private sealed class Running : IRunningServer
    {
        private readonly ServerInProcess _server;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _ticking;

        public Running(ServerInProcess server)
        {
            _server = server;
            _ticking = TickAsync(server.Services.GetRequiredService<Sweeper>());
        }

        public string Url => _server.Url;

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _ticking;
            await _server.DisposeAsync();
            _stopping.Dispose();
        }

        private async Task TickAsync(Sweeper sweeper)
        {
            using var timer = new PeriodicTimer(s_tick);
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    await sweeper.SweepAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The server stops.
            }
        }
    }
}
