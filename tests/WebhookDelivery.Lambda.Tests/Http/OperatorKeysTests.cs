using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// What becomes of configured operator keys where many processes share a store, and where one owns it.
/// </summary>
public sealed class OperatorKeysTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly StringWriter _log = new();
    private readonly ApiKey _old = KeyOf(s_start);
    private readonly ApiKey _new = KeyOf(s_start.AddHours(1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task OnAws_NewKey_RevokesTheOlder()
    {
        await using var host = await OnAwsAsync();

        await AcceptAsync(host, _old);
        Assert.Equal([_old.Id], await LiveAsync(host));
        await AcceptAsync(host, _new);

        Assert.Equal([_new.Id], await LiveAsync(host));
        Assert.Contains($"operator key {_old.Id} is revoked", _log.ToString());
    }

    [Fact]
    public async Task OnAws_OldProcessStartsAgain_LeavesTheNewKeyAndServes()
    {
        await using var host = await OnAwsAsync();
        await AcceptAsync(host, _old);
        await AcceptAsync(host, _new);

        await AcceptAsync(host, _old);

        Assert.Equal([_new.Id], await LiveAsync(host));
        Assert.Contains($"operator key {_old.Id} is not accepted", _log.ToString());
    }

    [Fact]
    public async Task OnAws_OldKeyStoredAfterTheNew_IsRevokedAgain()
    {
        // A process read the old key, was slow, and stores it when another has stored the new one.
        await using var host = await OnAwsAsync();
        await AcceptAsync(host, _new);

        await AcceptAsync(host, _old);

        Assert.Equal([_new.Id], await LiveAsync(host));
    }

    [Fact]
    public async Task OnAws_ManyStartAtOnce_LeaveTheNewestKey()
    {
        await using var host = await OnAwsAsync();
        var middle = KeyOf(s_start.AddMinutes(1));
        ApiKey[] keys = [_new, _old, middle, _old, _new, middle];

        await Task.WhenAll(keys.Select(key => AcceptAsync(host, key)));

        Assert.Equal([_new.Id], await LiveAsync(host));
    }

    [Fact]
    public async Task OnAws_NoKeyConfigured_RevokesNothing()
    {
        await using var host = await OnAwsAsync();
        await AcceptAsync(host, _old);

        await AcceptAsync(host, null);

        Assert.Equal([_old.Id], await LiveAsync(host));
    }

    [Fact]
    public async Task OnAws_RevokedKey_StaysRevoked()
    {
        await using var host = await OnAwsAsync();
        await AcceptAsync(host, _old);
        await Keys(host).ReplaceAsync(TestContext.Current.CancellationToken);
        var live = await LiveAsync(host);

        await AcceptAsync(host, _old);

        Assert.Equal(live, await LiveAsync(host));
        Assert.DoesNotContain(_old.Id, live);
        Assert.Contains($"operator key {_old.Id} is not accepted", _log.ToString());
    }

    [Fact]
    public async Task OnSqlite_AnotherKey_RevokesTheFormerWhicheverIsNewer()
    {
        using var directory = new TemporaryDirectory();
        await using var host = Build(new() { ["DataDirectory"] = directory.Path });
        await AcceptAsync(host, _new);

        await AcceptAsync(host, _old);

        Assert.Equal([_old.Id], await LiveAsync(host));
        await Assert.ThrowsAsync<StartException>(() => AcceptAsync(host, _new));
    }

    [Fact]
    public async Task OnSqlite_NoKeyConfigured_RevokesTheFormer()
    {
        using var directory = new TemporaryDirectory();
        await using var host = Build(new() { ["DataDirectory"] = directory.Path });
        await AcceptAsync(host, _old);

        await AcceptAsync(host, null);

        Assert.Empty(await LiveAsync(host));
    }

    private static ApiKey KeyOf(DateTimeOffset at) =>
        ApiKeyToken.Create(ApiKeyRole.Operator, null, null, at).Key;

    private static OperatorKeys Keys(ServiceProvider host) =>
        ActivatorUtilities.CreateInstance<OperatorKeys>(host);

    private static Task AcceptAsync(ServiceProvider host, ApiKey? key) =>
        Keys(host).AcceptAsync(key, TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<string>> LiveAsync(ServiceProvider host)
    {
        var known = await host.GetRequiredService<ITenantStore>()
            .ListApiKeysAsync(null, TestContext.Current.CancellationToken);
        return [.. known.Where(key => key.RevokedAt is null).Select(key => key.Id)];
    }

    private async Task<ServiceProvider> OnAwsAsync()
    {
        var emulators = await AwsEmulators.Shared;
        var prefix = $"keys-{Guid.NewGuid():N}";
        var host = Build(
            new()
            {
                ["Storage"] = "Aws",
                ["Secrets:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["Aws:TablePrefix"] = prefix,
                ["Aws:QueueUrl"] = emulators.QueueUrl($"{prefix}-due"),
                ["Aws:DeadLetterQueueUrl"] = emulators.QueueUrl($"{prefix}-dead"),
                ["Aws:PayloadBucket"] = $"{prefix}-payloads",
                ["Aws:CreateMissing"] = "true",
            },
            services => AddClients(services, emulators)
        );
        HostStart.Prepare(host);
        return host;
    }

    private static void AddClients(IServiceCollection services, AwsEmulators emulators)
    {
        var credentials = new BasicAWSCredentials("test", "test");
        services.AddSingleton<IAmazonDynamoDB>(
            new AmazonDynamoDBClient(
                credentials,
                new AmazonDynamoDBConfig { ServiceURL = emulators.DynamoDbUrl }
            )
        );
        services.AddSingleton<IAmazonSQS>(
            new AmazonSQSClient(credentials, new AmazonSQSConfig { ServiceURL = emulators.SqsUrl })
        );
        services.AddSingleton<IAmazonS3>(
            new AmazonS3Client(
                credentials,
                new AmazonS3Config { ServiceURL = emulators.S3Url, ForcePathStyle = true }
            )
        );
    }

    private ServiceProvider Build(
        Dictionary<string, string?> settings,
        Action<IServiceCollection>? add = null
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(each =>
                    KeyValuePair.Create($"WebhookDelivery:{each.Key}", each.Value)
                )
            )
            .Build();
        var services = new ServiceCollection();
        add?.Invoke(services);
        services.AddLogging(logging => logging.AddProvider(new LineLoggerProvider(_log)));
        services.AddWebhookDeliveryHost(HostSettings.Read(configuration, null, false, s_start));
        return services.BuildServiceProvider();
    }
}
