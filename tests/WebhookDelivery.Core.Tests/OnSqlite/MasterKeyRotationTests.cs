using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

public sealed class MasterKeyRotationTests : IAsyncDisposable
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] New = RandomNumberGenerator.GetBytes(32);

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteEngine _engine;
    private readonly ManualTimeProvider _time = new();

    public MasterKeyRotationTests() =>
        _engine = SqliteEngine.Open(
            new SqliteEngineOptions { DataDirectory = _directory.Path },
            _time,
            NullLoggerFactory.Instance
        );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ITenantStore Store => _engine.TenantStore;

    [Fact]
    public async Task Run_UnderAPreviousKey_WrapsEveryDataKeyAnewInOneCommit()
    {
        var tenants = new List<Tenant>();
        for (var i = 0; i < 5; i++)
        {
            tenants.Add(await AddAsync($"tenant-{i}", Old));
        }

        await DeleteAsync(tenants[4]);
        var secret = await new MasterKeySecretProtector(Old).ProtectAsync(
            tenants[0].DataKey,
            new byte[] { 1, 2, 3 },
            "context",
            Cancellation
        );
        var commits = _engine.Commits;

        var result = await RunAsync(New, Old);

        Assert.Equal(new MasterKeyRotationResult.Done(5, 5), result);
        Assert.Equal(commits + 1, _engine.Commits);
        var (now, before) = (new MasterKeySecretProtector(New), new MasterKeySecretProtector(Old));
        var stored = await Store.ListAsync(null, 10, Cancellation);
        Assert.Equal(5, stored.Count);
        Assert.All(stored, each => Assert.Equal(MasterKeyMatch.Current, now.Match(each.DataKey)));
        Assert.All(stored, each => Assert.Equal(MasterKeyMatch.None, before.Match(each.DataKey)));
        Assert.NotNull(stored[4].DeletedAt);
        var opened = await now.UnprotectAsync(stored[0].DataKey, secret, "context", Cancellation);
        Assert.Equal([1, 2, 3], opened.ToArray());
    }

    [Fact]
    public async Task Run_WithNothingToDo_WritesNothing()
    {
        await AddAsync("acme", New);
        var commits = _engine.Commits;
        Assert.Equal(new MasterKeyRotationResult.Done(1, 0), await RunAsync(New, Old));
        Assert.Equal(commits, _engine.Commits);
    }

    [Fact]
    public async Task Run_HalfDone_DoesTheOtherHalf()
    {
        await AddAsync("done", New);
        await AddAsync("left", Old);
        Assert.Equal(new MasterKeyRotationResult.Done(2, 1), await RunAsync(New, Old));
        Assert.Equal(new MasterKeyRotationResult.Done(2, 0), await RunAsync(New));
    }

    [Fact]
    public async Task Run_WithoutTheKeyOfSome_NamesThemAndChangesNothing()
    {
        await AddAsync("left", Old);
        var lost = await AddAsync("lost", RandomNumberGenerator.GetBytes(32));
        var result = Assert.IsType<MasterKeyRotationResult.KeyMissing>(await RunAsync(New, Old));
        Assert.Equal(2, result.Tenants);
        Assert.Equal([lost.Id], result.Unopened);
        Assert.Equal(
            MasterKeyMatch.Previous,
            Keys(New, Old).Match((await Store.ListAsync(null, 1, Cancellation))[0].DataKey)
        );
    }

    [Fact]
    public async Task Run_WithoutTheKeyOfOneBeingErased_PassesItOver()
    {
        await DeleteAsync(await AddAsync("erased", RandomNumberGenerator.GetBytes(32)));
        await AddAsync("left", Old);
        Assert.Equal(new MasterKeyRotationResult.Done(2, 1), await RunAsync(New, Old));
    }

    [Fact]
    public async Task Run_OverMoreThanAPage_ReachesAll()
    {
        const int Count = 1001;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => AddAsync($"tenant-{i}", Old)));
        Assert.Equal(new MasterKeyRotationResult.Done(Count, Count), await RunAsync(New, Old));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _directory.Dispose();
    }

    private static MasterKeySecretProtector Keys(byte[] current, params byte[][] previous) =>
        new(current, previous.Select(key => new ReadOnlyMemory<byte>(key)));

    private Task<MasterKeyRotationResult> RunAsync(byte[] current, params byte[][] previous) =>
        new MasterKeyRotation(Store, Keys(current, previous)).RunAsync(Cancellation);

    private async Task<Tenant> AddAsync(string name, byte[] masterKey)
    {
        var id = TenantId.Parse(name);
        var wrapped = await new MasterKeySecretProtector(masterKey).CreateDataKeyAsync(
            id,
            Cancellation
        );
        var now = _time.GetUtcNow();
        var tenant = new Tenant
        {
            Id = id,
            Version = 1,
            DataKey = new TenantDataKey(id, wrapped),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (_, key) = ApiKeyToken.Create(ApiKeyRole.Tenant, id, null, now);
        Assert.True(await Store.CreateAsync(tenant, key, null, Cancellation));
        return tenant;
    }

    private async Task DeleteAsync(Tenant tenant) =>
        Assert.True(
            await Store.SaveAsync(
                tenant with
                {
                    Version = 2,
                    DeletedAt = _time.GetUtcNow(),
                },
                Cancellation
            )
        );
}
