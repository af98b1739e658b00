using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda.Tests;

public sealed class AdminKeySecretTests : IAsyncLifetime
{
    private const string Parameter = "/webhook-delivery/webhooks/admin-key";
    private static readonly DateTimeOffset s_put = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private readonly string _key = NewKey();
    private readonly StringWriter _log = new();
    private SsmDouble _ssm = null!;

    public async ValueTask InitializeAsync() => _ssm = await SsmDouble.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _ssm.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task ReadAsync_ByName_IsTheKeyAsOldAsTheParametersValue()
    {
        _ssm.Put(Parameter, _key, s_put);

        var key = await ReadAsync(Parameter);

        Assert.NotNull(key);
        Assert.Equal(ApiKeyRole.Operator, key.Role);
        Assert.True(ApiKeyToken.Matches(_key, key));
        Assert.Equal(s_put, key.CreatedAt);
        Assert.Equal(1, _ssm.Calls);
    }

    [Fact]
    public async Task ReadAsync_ByArnAndWithALinesEnd_IsTheKey()
    {
        var arn = _ssm.Put(Parameter, _key + "\n", s_put);

        var key = await ReadAsync(arn);

        Assert.NotNull(key);
        Assert.True(ApiKeyToken.Matches(_key, key));
    }

    [Fact]
    public async Task ReadAsync_NoSuchParameter_IsNoneAndSaysSo()
    {
        Assert.Null(await ReadAsync(Parameter));

        Assert.Contains($"There is no parameter {Parameter}", _log.ToString());
    }

    [Fact]
    public async Task ReadAsync_Refused_SaysWhy()
    {
        _ssm.Put(Parameter, _key, s_put);
        _ssm.Refusal = "AccessDeniedException";

        var message = await FailAsync();

        Assert.Contains("AccessDeniedException: refused by the double", message);
        Assert.Contains(Parameter, message);
    }

    [Fact]
    public async Task ReadAsync_NoOperatorKey_SaysSoAndDoesNotQuoteIt()
    {
        var tenantKey = ApiKeyToken
            .Create(ApiKeyRole.Tenant, TenantId.Parse("acme"), null, s_put)
            .Text;
        _ssm.Put(Parameter, tenantKey, s_put);

        var message = await FailAsync();

        Assert.Contains("must hold an operator key", message);
        Assert.DoesNotContain(tenantKey[21..], message);
    }

    [Fact]
    public async Task ReadAsync_AnswerThatCannotBeRead_SaysSoAndDoesNotQuoteIt()
    {
        _ssm.Put(Parameter, _key, s_put);
        _ssm.Noise = "{\"Parameter\":{\"Value\":[";

        var message = await FailAsync();

        Assert.EndsWith("names: what it answered cannot be read.", message.Split('\n')[0]);
        Assert.DoesNotContain(_key[21..], message + _log);
    }

    [Fact]
    public void ParameterOf_KeyIsSetAsWell_IsAFault()
    {
        var exception = Assert.Throws<StartException>(() => ParameterOf(_key));

        Assert.Contains("WebhookDelivery:AdminKeySecret are both set", exception.Message);
        Assert.DoesNotContain(_key[21..], exception.Message);
    }

    [Fact]
    public void ParameterOf_NoKeyIsSet_IsTheParameter() =>
        Assert.Equal(Parameter, ParameterOf(adminKey: null));

    private static string NewKey() =>
        ApiKeyToken.Create(ApiKeyRole.Operator, null, null, s_put).Text;

    private static string? ParameterOf(string? adminKey)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("WebhookDelivery:AdminKey", adminKey),
                new("WebhookDelivery:AdminKeySecret", Parameter),
            ])
            .Build();
        var settings = HostSettings.Read(configuration, null, false, s_put, AdminKeySecret.Name);
        return AdminKeySecret.ParameterOf(configuration, settings);
    }

    private async Task<ApiKey?> ReadAsync(string parameter)
    {
        var config = AdminKeySecret.ClientConfig();
        config.ServiceURL = _ssm.Url;
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        using var client = new AmazonSimpleSystemsManagementClient(
            new BasicAWSCredentials("test", "test"),
            config
        );
        using var logging = LoggerFactory.Create(builder =>
            builder.AddProvider(new LineLoggerProvider(_log))
        );
        var secret = new AdminKeySecret(
            client,
            TimeProvider.System,
            logging.CreateLogger<AdminKeySecret>()
        );
        return await secret.ReadAsync(parameter, TestContext.Current.CancellationToken);
    }

    private async Task<string> FailAsync()
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => ReadAsync(Parameter));
        return $"{exception}";
    }
}
