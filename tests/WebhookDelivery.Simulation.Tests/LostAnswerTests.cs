using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What seeds have found out about changes that are stored although their call fails.</summary>
public sealed class LostAnswerTests
{
    private static readonly TenantId s_acme = TenantId.Parse("acme");
    private readonly LosingLink _link = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public LostAnswerTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ISecretProtector>(new PlainSecretProtector());
        services.AddSingleton<ITenantStore>(new SimulatedTenantStore(new TenantTable(), _link));
        services.AddWebhookDelivery(new WebhookDeliveryOptions());
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken None => CancellationToken.None;

    private EndpointAdministration Endpoints =>
        _services.GetRequiredService<EndpointAdministration>();

    private TenantAdministration Tenants => _services.GetRequiredService<TenantAdministration>();

    private TenantDirectory Directory => _services.GetRequiredService<TenantDirectory>();

    private ApiKeyAuthenticator Authenticator =>
        _services.GetRequiredService<ApiKeyAuthenticator>();

    [Fact]
    public async Task DeleteEndpoint_StoredWithoutAnAnswer_IsKnownAtOnce()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        var created = await Endpoints.CreateAsync(
            s_acme,
            new EndpointDraft { Url = "https://acme.example/hook" },
            None
        );
        var key = Assert.IsType<EndpointResult.Done>(created).Endpoint.Key;
        Assert.NotNull(await Directory.FindEndpointAsync(key, None));

        _link.Loses = "save-endpoint";
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Endpoints.DeleteAsync(key, None)
        );

        Assert.Null(await Directory.FindEndpointAsync(key, None));
    }

    [Fact]
    public async Task RevokeApiKey_StoredWithoutAnAnswer_IsNoGoodAtOnce()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        var (text, key) = (await Tenants.CreateApiKeyAsync(s_acme, null, None))!.Value;
        Assert.NotNull(await Authenticator.AuthenticateAsync(text, None));

        _link.Loses = "save-key";
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Tenants.RevokeApiKeyAsync(s_acme, key.Id, None)
        );

        Assert.Null(await Authenticator.AuthenticateAsync(text, None));
    }

    [Fact]
    public async Task DeleteTenant_StoredWithoutAnAnswer_IsKnownAtOnce()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        Assert.NotNull(await Directory.FindAsync(s_acme, None));

        _link.Loses = "save-tenant";
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Tenants.DeleteAsync(s_acme, None)
        );

        Assert.Null(await Directory.FindAsync(s_acme, None));
    }

    [Fact]
    public async Task CreateApiKey_WithAClockThatWasSetBack_IsGood()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        _time.SetUtcNow(_time.GetUtcNow().AddMinutes(-5));
        var (text, _) = (await Tenants.CreateApiKeyAsync(s_acme, null, None))!.Value;
        Assert.NotNull(await Authenticator.AuthenticateAsync(text, None));
    }

    /// <summary>Loses the answer of one kind of call.</summary>
    private sealed class LosingLink : IStoreLink
    {
        public string? Loses { get; set; }

        public ValueTask<T> CallAsync<T>(string call, TenantId? tenant, Func<T> effect)
        {
            var result = effect();
            return call == Loses ? throw new StoreUnavailableException("Lost.") : new(result);
        }
    }
}
