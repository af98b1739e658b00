using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A data directory with tenants, their secrets known, and a look at what wraps their data keys.</summary>
internal sealed class KeyedDirectory : IDisposable
{
    private const int Tenants = 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<TenantId, string> _secrets = [];

    /// <summary>The directory itself.</summary>
    public string Path => System.IO.Path.Combine(_directory.Path, "data");

    /// <summary>The text of the key file.</summary>
    public string KeyText => File.ReadAllText(MasterKeyFile.PathIn(Path));

    /// <summary>Makes tenants with an endpoint each, one of them being erased.</summary>
    /// <param name="masterKey">The key that wraps; null for that of the key file.</param>
    public async Task FillAsync(ReadOnlyMemory<byte>? masterKey = null)
    {
        await using var engine = Open();
        var key = masterKey ?? MasterKeyFile.ReadOrCreate(Path).Current;
        var protector = new MasterKeySecretProtector(key.Span);
        for (var i = 0; i < Tenants; i++)
        {
            await AddAsync(engine.TenantStore, protector, TenantId.Parse($"tenant-{i}"), i == 0);
        }
    }

    /// <summary>Makes one more tenant.</summary>
    public async Task AddAsync(string tenant, ReadOnlyMemory<byte> masterKey)
    {
        await using var engine = Open();
        var protector = new MasterKeySecretProtector(masterKey.Span);
        await AddAsync(engine.TenantStore, protector, TenantId.Parse(tenant), deleted: false);
    }

    /// <summary>Which of a file's keys wrap the data keys, by line from 1, such as `1`; every secret must open.</summary>
    public Task<string> FindLinesAsync() => FindLinesAsync(MasterKeyRing.Parse(KeyText)!);

    /// <summary>The same of given keys.</summary>
    public async Task<string> FindLinesAsync(MasterKeyRing keys)
    {
        await using var engine = Open();
        ReadOnlyMemory<byte>[] all = [keys.Current, .. keys.Previous];
        var vault = new EndpointVault(
            new MasterKeySecretProtector(keys.Current.Span, keys.Previous)
        );
        var lines = new HashSet<int>();
        var listed = await engine.TenantStore.ListAsync(null, 1000, CancellationToken.None);

        // A server that ran has erased the deleted one.
        Assert.InRange(listed.Count, Tenants - 1, Tenants);
        foreach (var tenant in listed)
        {
            lines.Add(
                1
                    + Array.FindIndex(
                        all,
                        key =>
                            new MasterKeySecretProtector(key.Span).Match(tenant.DataKey)
                            == MasterKeyMatch.Current
                    )
            );
            var snapshot = await engine.TenantStore.LoadAsync(tenant.Id, CancellationToken.None);
            foreach (var endpoint in snapshot!.Endpoints)
            {
                var opened = await vault.OpenAsync(
                    snapshot.Tenant.DataKey,
                    endpoint,
                    CancellationToken.None
                );
                Assert.Equal(_secrets[tenant.Id], opened.CurrentSecret.Value);
            }
        }

        return string.Join(',', lines.Order());
    }

    public void Dispose() => _directory.Dispose();

    private SqliteEngine Open() =>
        SqliteEngine.Open(
            new SqliteEngineOptions { DataDirectory = Path },
            TimeProvider.System,
            NullLoggerFactory.Instance
        );

    private async Task AddAsync(
        ITenantStore store,
        MasterKeySecretProtector protector,
        TenantId id,
        bool deleted
    )
    {
        var now = DateTimeOffset.UnixEpoch;
        var wrapped = await protector.CreateDataKeyAsync(id, CancellationToken.None);
        var tenant = new Tenant
        {
            Id = id,
            Version = 1,
            DataKey = new TenantDataKey(id, wrapped),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var endpointKey = new EndpointKey(id, new EndpointId(Guid.CreateVersion7(now)));
        var secret = SigningSecret.Generate();
        _secrets[id] = secret.Value;
        var sealedSecret = await new EndpointVault(protector).SealSecretAsync(
            tenant.DataKey,
            endpointKey,
            1,
            secret,
            CancellationToken.None
        );
        var endpoint = new Endpoint
        {
            Key = endpointKey,
            Version = 1,
            Url = "https://receiver.example/",
            EventTypes = EventTypeFilter.All,
            Headers = [],
            Secrets = [new EndpointSecret(sealedSecret, null)],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (_, key) = ApiKeyToken.Create(ApiKeyRole.Tenant, id, null, now);
        Assert.True(await store.CreateAsync(tenant, key, endpoint, CancellationToken.None));
        if (deleted)
        {
            var gone = tenant with { Version = 2, DeletedAt = now };
            Assert.True(await store.SaveAsync(gone, CancellationToken.None));
        }
    }
}
