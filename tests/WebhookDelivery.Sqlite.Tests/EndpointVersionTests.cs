using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>For how long endpoints are kept as they were, and what is known of older ones.</summary>
public sealed class EndpointVersionTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RandomIdSource Ids = new();

    [Fact]
    public async Task DeleteExpired_OfVersions_ComesWhenNoEventCanNameThem()
    {
        await using var harness = new EngineHarness();
        var store = harness.Engine.TenantStore;
        var endpoint = await AddAsync(store, harness.Now);
        var revision = (await store.LoadAsync(harness.Tenant, None))!.RoutingRevision;
        await store.SaveEndpointAsync(endpoint with { Version = 2, UpdatedAt = harness.Now }, None);

        harness.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await DeleteAsync(harness));
        Assert.Equal([1, 2], await VersionsAsync(store, harness.Tenant, revision));

        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await DeleteAsync(harness));
        Assert.Equal([2], await VersionsAsync(store, harness.Tenant, revision));
        Assert.Equal(0, await DeleteAsync(harness));
    }

    [Fact]
    public async Task Open_AnEarlierDatabase_KnowsNoRevisionOfWhatWasSavedBefore()
    {
        using var directory = new TemporaryDirectory();
        EarlierDatabase.Read("version-1").Unpack(directory.Path);
        await using var engine = SqliteEngine.Open(
            new SqliteEngineOptions { DataDirectory = directory.Path },
            new ManualTimeProvider(),
            NullLoggerFactory.Instance
        );
        var store = engine.TenantStore;
        var snapshot = await FindWithEndpointAsync(store);
        var (tenant, revision) = (snapshot.Tenant.Id, snapshot.RoutingRevision);
        var endpoint = snapshot.Endpoints[0];

        var listed = await store.ListEndpointVersionsAsync(tenant, revision, None);
        Assert.All(listed, each => Assert.Null(each.Revision ?? each.FirstRevision));

        await store.SaveEndpointAsync(endpoint with { Version = endpoint.Version + 1 }, None);
        listed = await store.ListEndpointVersionsAsync(tenant, revision, None);
        Assert.Equal(
            new (int, long?)[] { (endpoint.Version, null), (endpoint.Version + 1, revision + 1) },
            listed
                .Where(each => each.Endpoint.Key == endpoint.Key)
                .Select(each => (each.Endpoint.Version, each.Revision))
        );
    }

    private static async Task<TenantSnapshot> FindWithEndpointAsync(ITenantStore store)
    {
        foreach (var tenant in await store.ListAsync(null, 100, None))
        {
            if (
                await store.LoadAsync(tenant.Id, None) is
                { Tenant.DeletedAt: null, Endpoints.Count: > 0 } found
            )
            {
                return found;
            }
        }

        throw new InvalidOperationException("The database has no endpoint.");
    }

    private static ValueTask<int> DeleteAsync(EngineHarness harness) =>
        harness.Events.DeleteExpiredAsync(Retention.Default, harness.Now, 100, None);

    private static async Task<IEnumerable<int>> VersionsAsync(
        ITenantStore store,
        TenantId tenant,
        long revision
    ) =>
        (await store.ListEndpointVersionsAsync(tenant, revision, None)).Select(each =>
            each.Endpoint.Version
        );

    private static async Task<Endpoint> AddAsync(ITenantStore store, DateTimeOffset now)
    {
        var id = TenantId.Parse("acme");
        var tenant = new Tenant
        {
            Id = id,
            Version = 1,
            DataKey = new TenantDataKey(id, new byte[60]),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var endpoint = new Endpoint
        {
            Key = new EndpointKey(id, new EndpointId(Ids.NewId(now))),
            Version = 1,
            Url = "https://receiver.example/hook",
            Secrets = [new EndpointSecret(new SealedValue(1, new byte[48]), null)],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var key = ApiKeyToken.Create(ApiKeyRole.Tenant, id, null, now).Key;
        Assert.True(await store.CreateAsync(tenant, key, endpoint, None));
        return endpoint;
    }
}
