using System.Security.Cryptography;
using WebhookDelivery.Api;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The product as its hosts compose it on the AWS engine, in this process and behind a meter. The
/// sweeper runs only when it is called.
/// </summary>
internal sealed class MeteredHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CostHost _host;
    private readonly CancellationTokenSource _stopping = new();
    private Task _delivering = Task.CompletedTask;

    private MeteredHost(
        WebApplication application,
        AwsMeter meter,
        CostHost host,
        string operatorKey
    )
    {
        _application = application;
        _host = host;
        Meter = meter;
        OperatorKey = operatorKey;
    }

    /// <summary>What the host asks of AWS.</summary>
    public AwsMeter Meter { get; }

    /// <summary>The operator's key.</summary>
    public string OperatorKey { get; }

    /// <summary>Where the API listens.</summary>
    public Uri Url => new(_application.Urls.Single());

    /// <summary>Starts one with tables, queues and bucket of its own.</summary>
    public static async Task<MeteredHost> StartAsync(CostHost host)
    {
        var operatorKey = ApiKeyToken
            .Create(ApiKeyRole.Operator, tenant: null, description: null, DateTimeOffset.UnixEpoch)
            .Text;
        var emulators = await AwsEmulators.Shared;
        var settings = Settings(emulators, operatorKey);
        var meter = await AwsMeter.StartAsync(emulators, settings.Aws!);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        meter.AddClients(builder.Services);
        builder.Services.AddWebhookDeliveryHost(settings);
        var application = builder.Build();
        HostStart.Prepare(application.Services);
        if (host == CostHost.Functions)
        {
            var statistics = application.Services.GetRequiredService<StatisticsFlusher>();
            application.Use(
                async (context, next) =>
                {
                    await next(context);
                    await statistics.EndInvocationAsync(isBusy: true, CancellationToken.None);
                }
            );
        }

        application.UseWebhookDeliveryApi();
        application.MapWebhookDeliveryApi();
        await ActivatorUtilities
            .CreateInstance<OperatorKeys>(application.Services)
            .AcceptAsync(settings.AdminKey, CancellationToken.None);
        await application.StartAsync();
        return new MeteredHost(application, meter, host, operatorKey);
    }

    /// <summary>A service of the host.</summary>
    public T Service<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>Begins to deliver; call it once.</summary>
    public void Deliver() =>
        _delivering =
            _host == CostHost.Server
                ? Task.WhenAll(
                    Service<DeliveryWorker>().RunAsync(_stopping.Token),
                    Service<StatisticsFlusher>().RunAsync(_stopping.Token)
                )
                : ActivatorUtilities
                    .CreateInstance<EventSource>(_application.Services)
                    .RunAsync(_stopping.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _delivering;
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Meter.DisposeAsync();
        _stopping.Dispose();
    }

    private static HostSettings Settings(AwsEmulators emulators, string operatorKey)
    {
        var prefix = $"c{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage"] = "Aws",
            ["AdminKey"] = operatorKey,
            ["Secrets:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Aws:TablePrefix"] = prefix,
            ["Aws:QueueUrl"] = emulators.QueueUrl($"{prefix}-due"),
            ["Aws:DeadLetterQueueUrl"] = emulators.QueueUrl($"{prefix}-dead"),
            ["Aws:PayloadBucket"] = $"{prefix}-payloads",
            ["Aws:CreateMissing"] = "true",
            // So that stopping need not wait for the last poll: how long one lasts that brings nothing
            // changes nothing that an event costs.
            ["Aws:ReceiveWaitSeconds"] = "1",
        };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                values.Select(each =>
                    KeyValuePair.Create($"{HostSettings.Section}:{each.Key}", each.Value)
                )
            )
            .Build();
        var settings = HostSettings.Read(
            configuration,
            dataDirectory: null,
            dev: true,
            TimeProvider.System.GetUtcNow()
        );
        // A receiver that refuses two of three attempts would open its breaker, and what that
        // postpones is another cost than an attempt's.
        return settings with
        {
            Sender = settings.Sender with { BreakerThroughputMin = int.MaxValue },
        };
    }
}
