using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Aws;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Stands between a host's AWS clients and the emulators, and writes down every request: what an SDK
/// tries again counts again, as it does on the bill.
/// </summary>
internal sealed class AwsMeter : IAsyncDisposable
{
    /// <summary>
    /// AWS answers in milliseconds. An emulator on a busy machine may not, and what is tried again for
    /// that is no cost of the product's.
    /// </summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    private static readonly AWSCredentials s_credentials = new BasicAWSCredentials("test", "test");

    private readonly ConcurrentQueue<AwsCall> _calls = new();
    private readonly ConcurrentQueue<string> _uncounted = new();
    private readonly FaultProxy _dynamo;
    private readonly FaultProxy _sqs;
    private readonly FaultProxy _s3;
    private readonly AmazonDynamoDBClient _beside;

    private AwsMeter(FaultProxy dynamo, FaultProxy sqs, FaultProxy s3, AmazonDynamoDBClient beside)
    {
        _dynamo = dynamo;
        _sqs = sqs;
        _s3 = s3;
        _beside = beside;
    }

    /// <summary>Every request since the last <see cref="Clear"/>, oldest first.</summary>
    /// <exception cref="BrokenRunException">There was a request that the meter cannot count.</exception>
    public IReadOnlyList<AwsCall> Calls =>
        _uncounted.IsEmpty
            ? [.. _calls]
            : throw new BrokenRunException($"Not counted: {string.Join("; ", _uncounted)}");

    /// <summary>Starts one in front of the emulators.</summary>
    /// <param name="emulators">What answers.</param>
    /// <param name="options">The engine's, for its tables.</param>
    public static async Task<AwsMeter> StartAsync(AwsEmulators emulators, AwsEngineOptions options)
    {
        var beside = Client(emulators.DynamoDbUrl);
        var meter = new AwsMeter(
            await FaultProxy.StartAsync(emulators.DynamoDbUrl),
            await FaultProxy.StartAsync(emulators.SqsUrl),
            await FaultProxy.StartAsync(emulators.S3Url),
            beside
        );
        meter._dynamo.On(_ => true, meter.Count(new DynamoMeter(beside, options).PassAsync));
        meter._sqs.On(_ => true, meter.Count(SqsMeter.PassAsync));
        meter._s3.On(_ => true, meter.Count(PassS3Async));
        return meter;
    }

    /// <summary>Forgets what was counted.</summary>
    public void Clear() => _calls.Clear();

    /// <summary>Registers clients as a host's own, but for where they call and how long they wait.</summary>
    public void AddClients(IServiceCollection services)
    {
        services.TryAddSingleton<IAmazonDynamoDB>(_ => Client(_dynamo.Url));
        services.TryAddSingleton<IAmazonSQS>(_ => new AmazonSQSClient(
            s_credentials,
            At(AwsClients.Sqs(), _sqs.Url)
        ));
        services.TryAddSingleton<IAmazonS3>(_ =>
        {
            var config = At(AwsClients.S3(), _s3.Url);
            config.ForcePathStyle = true;
            return new AmazonS3Client(s_credentials, config);
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _dynamo.DisposeAsync();
        await _sqs.DisposeAsync();
        await _s3.DisposeAsync();
        _beside.Dispose();
    }

    private ProxyRule Count(
        Func<
            ProxiedRequest,
            Func<ProxiedRequest, Task<ProxiedResponse>>,
            Task<(ProxiedResponse, AwsCall)>
        > passAsync
    ) =>
        async (request, forward) =>
        {
            try
            {
                var (response, call) = await passAsync(request, forward);
                _calls.Enqueue(call);
                return response;
            }
            catch (Exception exception)
                when (exception is not (OperationCanceledException or HttpRequestException))
            {
                // The host must not take it for a fault of AWS: whoever reads the figures is told.
                _uncounted.Enqueue($"{request.Operation}: {exception.Message}");
                return null;
            }
        };

    private static async Task<(ProxiedResponse, AwsCall)> PassS3Async(
        ProxiedRequest request,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    ) =>
        (
            await forward(request),
            new AwsCall { Service = "S3", Operation = $"{request.Method} object" }
        );

    private static AmazonDynamoDBClient Client(string url) =>
        new(s_credentials, At(AwsClients.DynamoDb(), url));

    private static T At<T>(T config, string url)
        where T : ClientConfig
    {
        config.ServiceURL = url;
        config.AuthenticationRegion = "us-east-1";
        config.Timeout = s_timeout;
        return config;
    }
}
