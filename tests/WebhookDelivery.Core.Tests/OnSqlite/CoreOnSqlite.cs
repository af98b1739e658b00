using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

/// <summary>Core as a host composes it, on a real database, a manual clock and a scripted sender.</summary>
internal sealed class CoreOnSqlite : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceProvider _services;

    public CoreOnSqlite(
        DeliveryOptions? delivery = null,
        Func<IEventStore, IEventStore>? wrap = null,
        TimeSpan? cacheFor = null,
        EndpointOptions? endpoints = null,
        Func<IStatisticsStore, IStatisticsStore>? statistics = null,
        StatisticsOptions? counting = null,
        EndpointHealthOptions? health = null
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IJitterSource>(new FixedJitter());
        services.AddSingleton<IWebhookSender>(Sender);
        services.AddSingleton<ISecretProtector>(
            new MasterKeySecretProtector(RandomNumberGenerator.GetBytes(32))
        );
        if (wrap is not null)
        {
            services.AddSingleton(provider =>
                wrap(provider.GetRequiredService<SqliteEngine>().EventStore)
            );
        }

        if (statistics is not null)
        {
            services.AddSingleton(provider =>
                statistics(provider.GetRequiredService<SqliteEngine>().StatisticsStore)
            );
        }

        services.AddWebhookDelivery(
            new WebhookDeliveryOptions
            {
                Delivery = delivery ?? new(),
                Endpoints = endpoints ?? new(),
                Statistics = counting ?? new(),
                Health = health ?? new(),
                Directory = new() { CacheFor = cacheFor ?? Timeout.InfiniteTimeSpan },
            }
        );
        services.AddSqliteEngine(new SqliteEngineOptions { DataDirectory = _directory.Path });
        _services = services.BuildServiceProvider();
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TenantId Acme => TenantId.Parse("acme");

    public ManualTimeProvider Time { get; } = new();

    public ScriptedSender Sender { get; } = new();

    public IEventStore Store => Get<IEventStore>();

    public IDeliveryQueue Queue => Get<IDeliveryQueue>();

    public EndpointAdministration Endpoints => Get<EndpointAdministration>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A tenant with one endpoint.</summary>
    public async Task<Endpoint> AddTenantAsync(string id = "acme", EndpointDraft? endpoint = null)
    {
        var created = await Get<TenantAdministration>()
            .CreateAsync(
                new TenantDraft
                {
                    Id = TenantId.Parse(id),
                    Endpoint = endpoint ?? new EndpointDraft { Url = "https://acme.example/hook" },
                },
                Cancellation
            );
        return Assert.IsType<TenantCreation.Created>(created).Endpoint!;
    }

    public async Task<EventId> PostAsync(
        string payload = """{"type":"order.created"}""",
        string tenant = "acme"
    )
    {
        var outcome = await Get<EventIngestor>()
            .IngestAsync(
                new IngestRequest
                {
                    TenantId = TenantId.Parse(tenant),
                    Payload = Encoding.UTF8.GetBytes(payload),
                    Type = "order.created",
                },
                Cancellation
            );
        return Assert.IsType<IngestOutcome.Accepted>(outcome).EventId;
    }

    public async Task<ClaimedDelivery> ReceiveAsync() =>
        Assert.Single(await Queue.ReceiveAsync(1, Cancellation));

    /// <summary>Receives one claim and runs it.</summary>
    public async Task<RunResult> RunNextAsync() =>
        await RunAsync(await ReceiveAsync(), Cancellation);

    public ValueTask<RunResult> RunAsync(ClaimedDelivery claim, CancellationToken cancellation) =>
        Get<DeliveryRunner>().RunAsync(claim, Get<StorePersistence>(), cancellation);

    public async Task<Delivery> DeliveryOfAsync(EventId id, string tenant = "acme") =>
        Assert.Single(
            (await Store.FindAsync(TenantId.Parse(tenant), id, Cancellation))!.Deliveries
        );

    /// <summary>True if nothing is due now.</summary>
    public async Task<bool> NothingDueAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var received = Queue.ReceiveAsync(1, patience.Token).AsTask();
        if (received.IsCompleted)
        {
            return (await received).Count == 0;
        }

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => received);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _directory.Dispose();
    }
}
