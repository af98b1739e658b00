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

    /// <summary>Ticks of a clock that stands still until the sweeper is called all the same.</summary>
    private const int StillTicks = 10;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _prefix = $"e{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private FaultProxy? _sqs;
    private FaultProxy? _dynamoDb;

    /// <summary>True to have servers call <see cref="Sqs"/> and <see cref="DynamoDb"/>. Set it before they start.</summary>
    public bool IsProxied { get; set; }

    /// <summary>How often the clients repeat a call by themselves; null for what the SDK does.</summary>
    public int? ClientRetries { get; set; }

    /// <summary>The servers' way to SQS, if it is proxied.</summary>
    public FaultProxy Sqs => _sqs!;

    /// <summary>The servers' way to DynamoDB, if it is proxied.</summary>
    public FaultProxy DynamoDb => _dynamoDb!;

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
        if (IsProxied)
        {
            _sqs ??= await FaultProxy.StartAsync(emulators.SqsUrl);
            _dynamoDb ??= await FaultProxy.StartAsync(emulators.DynamoDbUrl);
            (SqsUrl, DynamoDbUrl) = (_sqs.Url, _dynamoDb.Url);
        }

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
        return new Running(server, setup.Time);
    }

    /// <summary>Looks at what servers keep in AWS, past them and the proxies.</summary>
    public async Task<AwsInside> LookInsideAsync() => new(await AwsEmulators.Shared, _prefix);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in new[] { _sqs, _dynamoDb }.OfType<FaultProxy>())
        {
            await proxy.DisposeAsync();
        }

        _directory.Dispose();
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
            At(new AmazonDynamoDBConfig(), DynamoDbUrl ?? emulators.DynamoDbUrl)
        ));
        services.AddSingleton<IAmazonSQS>(_ => new AmazonSQSClient(
            s_credentials,
            At(new AmazonSQSConfig(), SqsUrl ?? emulators.SqsUrl)
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

    private T At<T>(T config, string url)
        where T : ClientConfig
    {
        config.ServiceURL = url;
        config.AuthenticationRegion = Region;
        if (ClientRetries is { } retries)
        {
            config.MaxErrorRetry = retries;
        }

        return config;
    }

    /// <summary>A server, and what calls its sweeper while time stands still.</summary>
    private sealed class Running : IRunningServer
    {
        private readonly ServerInProcess _server;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _ticking;

        public Running(ServerInProcess server, TimeProvider clock)
        {
            _server = server;
            _ticking = TickAsync(server.Services.GetRequiredService<Sweeper>(), clock);
        }

        public string Url => _server.Url;

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _ticking;
            await _server.DisposeAsync();
            _stopping.Dispose();
        }

        /// <summary>
        /// What is due comes up as time passes; now and then also for what was written just after.
        /// </summary>
        private async Task TickAsync(Sweeper sweeper, TimeProvider clock)
        {
            using var timer = new PeriodicTimer(s_tick);
            var seen = default(DateTimeOffset);
            var still = 0;
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    var now = clock.GetUtcNow();
                    if (now != seen || ++still == StillTicks)
                    {
                        (seen, still) = (now, 0);
                        await sweeper.SweepAsync(_stopping.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The server stops.
            }
        }
    }
}
