using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Changes of several items that end half-way.</summary>
public sealed class TenantCrashTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TenantRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await TenantRig.CreateAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Create_ThatCrashesBeforeItsCommit_LeavesNothing()
    {
        await CrashCreatingAsync(writes: 0);
        Assert.Null(await _rig.Store.LoadAsync(_rig.Tenant.Id, None));
        Assert.True(await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Create_ThatCrashesAfterItsCommit_IsFinishedByTheNextLoad(int writes)
    {
        await CrashCreatingAsync(writes);

        var loaded = await _rig.Store.LoadAsync(_rig.Tenant.Id, None);

        Assert.Equal(_rig.Endpoint.Key, Assert.Single(loaded!.Endpoints).Key);
        Assert.NotNull(await _rig.Store.FindApiKeyAsync(_rig.Key.Id, None));
        Assert.NotNull(await _rig.Store.FindEndpointAsync(_rig.Endpoint.Key, None));
        Assert.Single(await _rig.Store.ListApiKeysAsync(_rig.Tenant.Id, None));
    }

    [Fact]
    public async Task FindEndpoint_OfAHalfCreatedTenant_FindsItsFirstOne()
    {
        await CrashCreatingAsync(writes: 1);
        Assert.NotNull(await _rig.Store.FindEndpointAsync(_rig.Endpoint.Key, None));
    }

    [Fact]
    public async Task SaveEndpoint_OfAHalfCreatedTenant_ChangesItsFirstOne()
    {
        await CrashCreatingAsync(writes: 1);
        Assert.True(await _rig.Store.SaveEndpointAsync(_rig.Endpoint with { Version = 2 }, None));
        var loaded = await _rig.Store.LoadAsync(_rig.Tenant.Id, None);
        Assert.Equal(2, Assert.Single(loaded!.Endpoints).Version);
    }

    [Fact]
    public async Task Save_ADeletionOfAHalfCreatedTenant_EndsItsKeyAndEndpointToo()
    {
        await CrashCreatingAsync(writes: 1);
        Assert.True(await _rig.Store.SaveAsync(_rig.Deleted, None));
        await AssertDeletedAsync();
    }

    [Fact]
    public async Task Finish_LongAfterAnotherDid_ChangesNothing()
    {
        await CrashCreatingAsync(writes: 1);
        var late = await _rig.ReadRawAsync(TenantsTable.TenantSk);
        await _rig.Store.LoadAsync(_rig.Tenant.Id, None);
        await _rig.Store.SaveApiKeyAsync(_rig.Key with { RevokedAt = _rig.Now }, None);
        await _rig.Store.SaveEndpointAsync(_rig.Endpoint with { Version = 2 }, None);

        Assert.True(TenantItems.IsUnfinished(late!));
        await new TenantFollowUp(_rig.Calls).FinishAsync(late!, None);

        var key = await _rig.Store.FindApiKeyAsync(_rig.Key.Id, None);
        Assert.NotNull(key!.RevokedAt);
        var endpoint = await _rig.Store.FindEndpointAsync(_rig.Endpoint.Key, None);
        Assert.Equal(2, endpoint!.Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Save_ADeletionThatCrashes_IsFinishedByTheNextLoad(int writes)
    {
        await CrashDeletingAsync(writes);

        var loaded = await _rig.Store.LoadAsync(_rig.Tenant.Id, None);

        Assert.NotNull(loaded!.Tenant.DeletedAt);
        await AssertDeletedAsync();
        Assert.False(TenantItems.IsUnfinished((await _rig.ReadRawAsync(TenantsTable.TenantSk))!));
    }

    [Fact]
    public async Task FindEndpoint_OfAHalfDeletedTenant_IsATombstone()
    {
        await CrashDeletingAsync(writes: 1);
        var endpoint = await _rig.Store.FindEndpointAsync(_rig.Endpoint.Key, None);
        Assert.Equal(_rig.Now, endpoint!.DeletedAt);
    }

    [Fact]
    public async Task SaveEndpoint_OfAHalfDeletedTenant_ChangesNothing()
    {
        await CrashDeletingAsync(writes: 1);
        Assert.False(await _rig.Store.SaveEndpointAsync(_rig.NewEndpoint(), None));
        Assert.False(await _rig.Store.SaveEndpointAsync(_rig.Endpoint with { Version = 2 }, None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Remove_ThatCrashes_CanBeDoneAgain(int writes)
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None);
        await _rig.Store.SaveAsync(_rig.Deleted, None);
        using (_rig.CrashAfter(writes))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _rig.Frail.RemoveAsync(_rig.Tenant.Id, None)
            );
        }

        Assert.False(await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None));
        await _rig.Store.RemoveAsync(_rig.Tenant.Id, None);

        Assert.Null(await _rig.Store.FindApiKeyAsync(_rig.Key.Id, None));
        Assert.Null(await _rig.ReadRawAsync(TenantsTable.TenantSk));
        Assert.Null(await _rig.ReadRawAsync(TenantsTable.EndpointSk(_rig.Endpoint.Key.EndpointId)));
    }

    private async Task CrashCreatingAsync(int writes)
    {
        using var crash = _rig.CrashAfter(writes);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await _rig.Frail.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None)
        );
    }

    private async Task CrashDeletingAsync(int writes)
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None);
        using var crash = _rig.CrashAfter(writes);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await _rig.Frail.SaveAsync(_rig.Deleted, None)
        );
    }

    private async Task AssertDeletedAsync()
    {
        var key = await _rig.Store.FindApiKeyAsync(_rig.Key.Id, None);
        Assert.Equal(_rig.Now, key!.RevokedAt);
        var item = await _rig.ReadRawAsync(TenantsTable.EndpointSk(_rig.Endpoint.Key.EndpointId));
        var endpoint = TenantItems.ReadEndpoint(item!);
        Assert.Equal(_rig.Now, endpoint.DeletedAt);
        Assert.Equal(2, endpoint.Version);
    }
}
