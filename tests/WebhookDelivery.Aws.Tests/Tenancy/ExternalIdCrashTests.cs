using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Endpoints with external ids whose making ends half-way.</summary>
public sealed class ExternalIdCrashTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TenantRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await TenantRig.CreateAsync();
        Assert.True(await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None));
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task SaveEndpoint_ThatCrashesBeforeItHasItsName_MakesNone(int writes, bool stored)
    {
        var before = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!;
        var crashed = _rig.NewEndpoint() with { ExternalId = "crm" };
        using (_rig.CrashAfter(writes))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _rig.Frail.SaveEndpointAsync(crashed, None)
            );
        }

        var item = await _rig.ReadRawAsync(TenantsTable.EndpointSk(crashed.Key.EndpointId));
        Assert.Equal(stored, item is not null);
        var after = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!;
        Assert.Empty(after.Endpoints);
        Assert.Equal(before.RoutingRevision, after.RoutingRevision);
        Assert.Null(await _rig.Store.FindEndpointAsync(crashed.Key, None));

        var next = _rig.NewEndpoint() with { ExternalId = "crm" };
        Assert.True(await _rig.Store.SaveEndpointAsync(next, None));
        var loaded = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!;
        Assert.Equal(next.Key, Assert.Single(loaded.Endpoints).Key);
        Assert.Null(await _rig.Store.FindEndpointAsync(crashed.Key, None));
    }

    [Fact]
    public async Task SaveEndpoint_RefusedAndCrashingBeforeItIsTakenAway_MakesNone()
    {
        var first = _rig.NewEndpoint() with { ExternalId = "crm" };
        Assert.True(await _rig.Store.SaveEndpointAsync(first, None));
        var second = _rig.NewEndpoint() with { ExternalId = "crm" };

        // Its item, and the claim that is refused.
        using (_rig.CrashAfter(writes: 2))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _rig.Frail.SaveEndpointAsync(second, None)
            );
        }

        Assert.NotNull(await _rig.ReadRawAsync(TenantsTable.EndpointSk(second.Key.EndpointId)));
        var loaded = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!;
        Assert.Equal(first.Key, Assert.Single(loaded.Endpoints).Key);
        Assert.Null(await _rig.Store.FindEndpointAsync(second.Key, None));
    }

    [Fact]
    public async Task Remove_ATenantWithHalfMadeEndpoints_LeavesNoItem()
    {
        using (_rig.CrashAfter(writes: 1))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _rig.Frail.SaveEndpointAsync(
                    _rig.NewEndpoint() with
                    {
                        ExternalId = "erp",
                    },
                    None
                )
            );
        }

        await _rig.Store.SaveEndpointAsync(_rig.NewEndpoint() with { ExternalId = "crm" }, None);
        Assert.NotNull(await _rig.ReadRawAsync(TenantsTable.ClaimSk("crm")));

        await _rig.Store.SaveAsync(_rig.Deleted, None);
        await _rig.Store.RemoveAsync(_rig.Tenant.Id, None);

        var left = await _rig.Calls.QueryAsync(TenantsTable.TenantPk(_rig.Tenant.Id), "", None);
        Assert.Empty(left);
    }
}
