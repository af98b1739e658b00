using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Api.Tests;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

[assembly: AssemblyFixture(typeof(TestApi))]

namespace WebhookDelivery.Api.Tests;

/// <summary>
/// The API on a real server at a loopback port. One for all tests: each test makes tenants of its own.
/// </summary>
public sealed class TestApi : IAsyncLifetime
{
    public const int MaxPayloadBytes = 128 * 1024;

    /// <summary>Of which a tenant may take a quarter: eight payloads of the largest size.</summary>
    public const int MaxBufferedBytes = 4 * 1024 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private int _tenants;
    private WebApplication _application = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>A client without a key.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public HttpClient Operator { get; private set; } = null!;

    internal FakeReadiness Readiness { get; } = new();

    internal ConcurrentQueue<string> Log { get; } = new();

    public IServiceProvider Services => _application.Services;

    public IEventStore Events => Services.GetRequiredService<IEventStore>();

    public IReadOnlyList<RouteEndpoint> Routes =>
        [
            .. ((IEndpointRouteBuilder)_application)
                .DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>(),
        ];

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new LogCapture(Log));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        TestEngine.Add(builder.Services, _directory);
        var store = builder.Services.Last(each => each.ServiceType == typeof(IEventStore));
        builder.Services.AddSingleton(all =>
            FaultyEventStore.Wrap((IEventStore)store.ImplementationFactory!(all))
        );
        builder.Services.AddSingleton<IEndpointUrlPolicy, FakeUrlPolicy>();
        builder.Services.AddSingleton<IReadinessCheck>(Readiness);
        builder.Services.AddWebhookDeliveryApi(
            new ApiOptions
            {
                MaxPayloadBytes = MaxPayloadBytes,
                MaxBufferedBytes = MaxBufferedBytes,
            }
        );
        _application = builder.Build();
        _application.UseWebhookDeliveryApi();
        _application.MapWebhookDeliveryApi();
        _application.MapGet(
            "/broken",
            (HttpContext _) => throw new InvalidOperationException("whsec_hush")
        );
        await _application.StartAsync();
        Address = new Uri(_application.Urls.Single());
        var (text, key) = ApiKeyToken.Create(
            ApiKeyRole.Operator,
            null,
            null,
            DateTimeOffset.UtcNow
        );
        await Services
            .GetRequiredService<ITenantStore>()
            .SaveApiKeyAsync(key, CancellationToken.None);
        Anonymous = Client(null);
        Operator = Client(text);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _directory.Dispose();
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = key is null
            ? null
            : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A tenant without endpoints, with a client that has its key.</summary>
    public async Task<TestTenant> NewTenantAsync()
    {
        var id = $"tenant-{Interlocked.Increment(ref _tenants)}";
        using var answer = await Operator.PostAsync(
            "/v1/tenants",
            Json.Body(new { tenant_id = id })
        );
        var created = await answer.ReadAsync(201);
        var key = created.Text("api_key");
        return new TestTenant(this, TenantId.Parse(id), key, Client(key));
    }
}
