using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Faults of Core that seeds have found, each as short as it can be told.</summary>
public sealed class FoundBySeedsTests
{
    private static readonly TenantId s_acme = TenantId.Parse("acme");
    private readonly LosingLink _link = new();
    private readonly ManualTimeProvider _time = new();
    private readonly EventTable _events = new(settlesAtOnce: true);
    private readonly TenantTable _tenants = new();
    private readonly CrowdedSender _sender = new();
    private readonly ServiceProvider _services;

    public FoundBySeedsTests() => _services = Compose(Timeout.InfiniteTimeSpan);

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
        Assert.NotNull(await FindAsync(key));

        _link.Loses = "save-endpoint";
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Endpoints.DeleteAsync(key, None)
        );

        Assert.Null(await FindAsync(key));
    }

    [Fact]
    public async Task RevokeApiKey_StoredWithoutAnAnswer_IsNoGoodAtOnce()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        var (text, key) = await CreateKeyAsync();
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
        var (text, _) = await CreateKeyAsync();
        Assert.NotNull(await Authenticator.AuthenticateAsync(text, None));
    }

    [Fact]
    public async Task Sweep_OfATenantDeletedByOneProcess_KeepsItsIdWhileRequestsMayRun()
    {
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        Assert.True(await Tenants.DeleteAsync(s_acme, None));
        var sweeper = _services.GetRequiredService<Sweeper>();

        await sweeper.SweepAsync(None);
        Assert.NotNull(_tenants.Find(s_acme));
        _time.Advance(new SweeperOptions().BacklogGrace);
        await sweeper.SweepAsync(None);
        Assert.Null(_tenants.Find(s_acme));
    }

    [Fact]
    public async Task Run_ABatchToAnEndpointThatIsNewToTheProcess_KeepsToItsCap()
    {
        await using var other = Compose(TimeSpan.FromSeconds(10));
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        Assert.NotNull(await other.GetRequiredService<TenantDirectory>().FindAsync(s_acme, None));
        await Endpoints.CreateAsync(
            s_acme,
            new EndpointDraft { Url = "https://acme.example/hook", MaxInFlight = 1 },
            None
        );
        foreach (var body in new[] { "{}", "[]" })
        {
            await _services
                .GetRequiredService<EventIngestor>()
                .IngestAsync(
                    new IngestRequest { TenantId = s_acme, Payload = Encoding.UTF8.GetBytes(body) },
                    None
                );
        }

        var now = _time.GetUtcNow();
        var claims = _events
            .All.Select(each => new ClaimedDelivery(
                each.Deliveries[0].ToDue(now, withPayload: true),
                LeaseEndsAt: now.AddMinutes(5)
            ))
            .ToList();
        await other.GetRequiredService<DeliveryBatch>().RunAsync(claims, now.AddMinutes(2), None);

        Assert.Equal((2, 1), (_sender.Sent, _sender.MostAtOnce));
    }

    [Fact]
    public async Task Run_ADeliveryToAnEndpointStoredAfterTheCacheWasRead_DeliversIt()
    {
        await using var other = Compose(TimeSpan.FromSeconds(10));
        await Tenants.CreateAsync(new TenantDraft { Id = s_acme }, None);
        var (endpoint, _) = await Endpoints.BuildAsync(
            _tenants.Find(s_acme)!.DataKey,
            new EndpointDraft { Url = "https://acme.example/hook" },
            _time.GetUtcNow(),
            None
        );
        _time.Advance(TimeSpan.FromSeconds(6));
        await other.GetRequiredService<TenantDirectory>().FindAsync(s_acme, None);
        Assert.True(_tenants.Save(endpoint));

        await _services
            .GetRequiredService<EventIngestor>()
            .IngestAsync(new IngestRequest { TenantId = s_acme, Payload = "{}"u8.ToArray() }, None);
        var delivery = Assert.Single(Assert.Single(_events.All).Deliveries);
        var now = _time.GetUtcNow();
        var claim = new ClaimedDelivery(
            delivery.ToDue(now, withPayload: true),
            LeaseEndsAt: now.AddMinutes(5)
        );
        await other.GetRequiredService<DeliveryBatch>().RunAsync([claim], now.AddMinutes(2), None);

        Assert.Equal(DeliveryStatus.Delivered, delivery.Value.Status);
    }

    [Fact]
    public async Task Run_AWorkerFullOfClaimsWhoseLeasesEnd_ReceivesAgain()
    {
        var key = new DeliveryKey(s_acme, new(Guid.CreateVersion7()), new(Guid.CreateVersion7()));
        var queue = new OneClaimQueue(
            new ClaimedDelivery(
                new DueDelivery
                {
                    Key = key,
                    Generation = 1,
                    Attempt = 1,
                    DueAt = _time.GetUtcNow(),
                },
                "receipt",
                _time.GetUtcNow().AddMinutes(1)
            )
        );
        await using var services = Compose(
            TimeSpan.FromSeconds(10),
            new DeliveryOptions { HeldMax = 1 },
            queue
        );
        _sender.OpenUntil = _time.GetUtcNow().AddHours(1);
        using var stopping = new CancellationTokenSource();
        var working = services.GetRequiredService<DeliveryWorker>().RunAsync(stopping.Token);

        var patience = TimeSpan.FromSeconds(30);
        await queue.Received(1).WaitAsync(patience);
        var dispatcher = services.GetRequiredService<Dispatcher>();
        await Until.HoldsAsync(
            () => new(dispatcher.Room == 0),
            patience,
            () => "the dispatcher holds its claim"
        );
        _time.Advance(TimeSpan.FromSeconds(30));

        await queue.Received(2).WaitAsync(patience);
        await stopping.CancelAsync();
        await working;
    }

    private async Task<ApiKeyCreation.Created> CreateKeyAsync() =>
        Assert.IsType<ApiKeyCreation.Created>(await Tenants.CreateApiKeyAsync(s_acme, null, None));

    private async Task<OpenedEndpoint?> FindAsync(EndpointKey key)
    {
        var view = await Directory.FindAsync(key.TenantId, None);
        return view!.TryFind(key.EndpointId, out var endpoint) ? endpoint : null;
    }

    private ServiceProvider Compose(
        TimeSpan cacheFor,
        DeliveryOptions? delivery = null,
        IDeliveryQueue? queue = null
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ISecretProtector>(new PlainSecretProtector());
        services.AddSingleton<ITenantStore>(new SimulatedTenantStore(_tenants, _link));
        services.AddSingleton<IRecoveryStore>(
            new SimulatedRecoveryStore(_tenants.Recoveries, _link)
        );
        services.AddSingleton<IEventStore>(new SimulatedEventStore(_events, _link, true));
        services.AddSingleton(queue ?? new EmbeddedQueue(_events, _link, _time, 100));
        services.AddSingleton<IWebhookSender>(_sender);
        services.AddWebhookDelivery(
            new WebhookDeliveryOptions
            {
                Delivery = delivery ?? new(),
                Directory = new() { CacheFor = cacheFor },
            }
        );
        return services.BuildServiceProvider();
    }

    /// <summary>Counts how many requests there are at once, each in no hurry.</summary>
    private sealed class CrowdedSender : IWebhookSender
    {
        private int _now;

        public int Sent { get; private set; }

        public int MostAtOnce { get; private set; }

        public DateTimeOffset? OpenUntil { get; set; }

        public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) =>
            OpenUntil;

        public async ValueTask<SendResult> SendAsync(
            WebhookRequest request,
            CancellationToken cancellationToken
        )
        {
            Sent++;
            MostAtOnce = Math.Max(MostAtOnce, ++_now);
            await Task.Yield();
            _now--;
            return new SendResult.Attempted(
                new AttemptOutcome { Reason = ReasonCode.Delivered, StatusCode = 200 }
            );
        }
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
