using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The published API and the operator key that SSM keeps.</summary>
public sealed class AdminKeyTests : IAsyncLifetime
{
    private const string Parameter = "/webhook-delivery/webhooks/admin-key";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private AwsHome _home = null!;
    private SsmDouble _ssm = null!;

    public async ValueTask InitializeAsync()
    {
        _home = await AwsHome.OpenAsync();
        _ssm = await SsmDouble.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ssm.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Key_InSsm_IsAcceptedAndNeverLogged()
    {
        var secret = _ssm.Put(Parameter, _home.AdminKey, DateTimeOffset.UtcNow);
        await using var api = await StartAsync(secret, _ssm.Url);

        var listed = await ListTenantsAsync(api, _home.AdminKey);

        Assert.Equal(200, listed.Status);
        Assert.DoesNotContain(_home.AdminKey[21..], api.Process.Transcript);
    }

    [Fact]
    public async Task Key_NotInSsm_IsLoggedAndTheApiServes()
    {
        await using var api = await StartAsync(Parameter, _ssm.Url);

        var listed = await ListTenantsAsync(api, _home.AdminKey);

        Assert.Equal(401, listed.Status);
        Assert.Contains($"There is no parameter {Parameter}", api.Process.Output);
    }

    [Fact]
    public async Task Key_ReplacedInSsm_IsTheOneThatIsAccepted()
    {
        var now = DateTimeOffset.UtcNow;
        var newKey = ApiKeyToken.Create(ApiKeyRole.Operator, null, null, now).Text;
        _ssm.Put(Parameter, _home.AdminKey, now.AddMinutes(-1));
        await using var before = await StartAsync(Parameter, _ssm.Url);
        Assert.Equal(200, (await ListTenantsAsync(before, _home.AdminKey)).Status);

        _ssm.Put(Parameter, newKey, now);
        await using var after = await StartAsync(Parameter, _ssm.Url);

        Assert.Equal(200, (await ListTenantsAsync(after, newKey)).Status);
        Assert.Equal(401, (await ListTenantsAsync(after, _home.AdminKey)).Status);
    }

    [Fact]
    public async Task Ssm_Unreachable_FailsTheStartAndSaysSo()
    {
        await using var api = await StartAsync(Parameter, "http://127.0.0.1:1");

        var error = await api.Lambda.InitError.WaitAsync(s_patience);

        using var json = JsonDocument.Parse(error.Text);
        var message = json.RootElement.GetProperty("errorMessage").GetString()!;
        Assert.StartsWith("The operator key cannot be read: SSM", message);
        Assert.Contains(Parameter, message);
        Assert.Equal(1, await api.Process.WaitForExitAsync(s_patience));
    }

    private static Task<HttpApiAnswer> ListTenantsAsync(FunctionProcess api, string key) =>
        FunctionTenant.CallAsync(api, "GET", "/v1/tenants", key);

    private Task<FunctionProcess> StartAsync(string secret, string ssmUrl) =>
        _home.StartAsync(
            "Api",
            port: 443,
            ("AWS_ENDPOINT_URL_SSM", ssmUrl),
            ("WebhookDelivery__AdminKey", null),
            ("WebhookDelivery__AdminKeySecret", secret)
        );
}
