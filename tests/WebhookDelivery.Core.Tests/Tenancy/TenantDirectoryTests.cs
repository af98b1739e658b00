using System.Security.Cryptography;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

public sealed class TenantDirectoryTests
{
    private readonly ManualTimeProvider _clock = new(Sample.Now);
    private readonly StubTenantStore _store = new();
    private readonly TenantDirectory _directory;
    private readonly ApiKeyAuthenticator _authenticator;

    public TenantDirectoryTests()
    {
        _directory = new TenantDirectory(
            _store,
            new EndpointVault(new MasterKeySecretProtector(RandomNumberGenerator.GetBytes(32))),
            _clock,
            new TenantDirectoryOptions { CacheFor = TimeSpan.FromSeconds(10) }
        );
        _authenticator = new ApiKeyAuthenticator(_directory);
        _store.Load = () => new(Snapshot(1));
    }

    [Fact]
    public async Task FindAsync_WithinItsTime_ReadsTheStoreOnce()
    {
        Assert.Equal(1, (await FindAsync())!.RoutingRevision);
        _store.Load = () => new(Snapshot(2));
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal(1, (await FindAsync())!.RoutingRevision);
        Assert.Equal(1, _store.Loads);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(2, (await FindAsync())!.RoutingRevision);
    }

    [Fact]
    public async Task FindAsync_SlowLoad_AgesFromWhenItBegan()
    {
        var load = new TaskCompletionSource<TenantSnapshot?>();
        _store.Load = () => new(load.Task);
        var found = FindAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        load.SetResult(Snapshot(1));
        Assert.Equal(1, (await found)!.RoutingRevision);

        _store.Load = () => new(Snapshot(2));
        Assert.Equal(2, (await FindAsync())!.RoutingRevision);
    }

    [Fact]
    public async Task Forget_AfterAChange_ReadsTheStoreAgain()
    {
        await FindAsync();
        _store.Load = () => new(Snapshot(2));
        _directory.Forget(Sample.Tenant);
        Assert.Equal(2, (await FindAsync())!.RoutingRevision);
    }

    [Fact]
    public async Task Forget_DuringALoad_KeepsNothingStale()
    {
        var old = new TaskCompletionSource<TenantSnapshot?>();
        _store.Load = () => new(old.Task);
        var found = FindAsync();
        _directory.Forget(Sample.Tenant);
        _store.Load = () => new(Snapshot(2));
        var fresh = await FindAsync();
        old.SetResult(Snapshot(1));
        await found;

        Assert.Equal(2, fresh!.RoutingRevision);
        Assert.Equal(2, (await FindAsync())!.RoutingRevision);
    }

    [Fact]
    public async Task ForgetApiKey_DuringALoad_KeepsNothingStale()
    {
        var (text, key) = ApiKeyToken.Create(ApiKeyRole.Operator, null, null, Sample.Now);
        var old = new TaskCompletionSource<ApiKey?>();
        _store.Key = () => new(old.Task);
        var found = _authenticator.AuthenticateAsync(text, default).AsTask();
        _directory.ForgetApiKey(key.Id);
        _store.Key = () => new(key with { RevokedAt = Sample.Now });
        old.SetResult(key);
        await found;

        Assert.Null(await _authenticator.AuthenticateAsync(text, default));
    }

    [Fact]
    public async Task FindAsync_DeletedOrUnknownTenant_IsNull()
    {
        var snapshot = Snapshot(1);
        _store.Load = () =>
            new(snapshot with { Tenant = snapshot.Tenant with { DeletedAt = Sample.Now } });
        Assert.Null(await FindAsync());
        _store.Load = () => new((TenantSnapshot?)null);
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task AuthenticateAsync_GoodKey_IsTheStoredOne()
    {
        var (text, key) = Tenant();
        Assert.Same(key, await _authenticator.AuthenticateAsync(text, default));
        Assert.Same(key, await _authenticator.AuthenticateAsync(text, default));
        Assert.Equal(2, _store.Loads);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whk_nonsense")]
    public async Task AuthenticateAsync_Malformed_ReadsNothing(string? text)
    {
        Assert.Null(await _authenticator.AuthenticateAsync(text, default));
        Assert.Equal(0, _store.Loads);
    }

    [Fact]
    public async Task AuthenticateAsync_RevokedWrongRoleOtherSecretOrDeletedTenant_IsNull()
    {
        var (text, key) = Tenant();
        foreach (
            var stored in new[]
            {
                null,
                key with
                {
                    RevokedAt = Sample.Now,
                },
                key with
                {
                    Role = ApiKeyRole.Operator,
                },
                key with
                {
                    Hash = new byte[32],
                },
            }
        )
        {
            _store.Key = () => new(stored);
            _directory.ForgetApiKey(key.Id);
            Assert.Null(await _authenticator.AuthenticateAsync(text, default));
        }

        _store.Key = () => new(key);
        _store.Load = () => new((TenantSnapshot?)null);
        _directory.ForgetApiKey(key.Id);
        Assert.Null(await _authenticator.AuthenticateAsync(text, default));
    }

    private static TenantSnapshot Snapshot(long revision) =>
        new(Sample.TenantRow(new TenantDataKey(Sample.Tenant, new byte[61])), [], revision);

    private (string Text, ApiKey Key) Tenant()
    {
        var made = ApiKeyToken.Create(ApiKeyRole.Tenant, Sample.Tenant, null, Sample.Now);
        _store.Key = () => new(made.Key);
        return made;
    }

    private Task<TenantView?> FindAsync() =>
        _directory.FindAsync(Sample.Tenant, CancellationToken.None).AsTask();
}
