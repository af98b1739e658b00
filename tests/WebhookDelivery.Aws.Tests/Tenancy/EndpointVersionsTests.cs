using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>What is kept of endpoints as they were, as DynamoDB has it.</summary>
public sealed class EndpointVersionsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TenantRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await TenantRig.CreateAsync();
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Save_TheNextVersion_KeepsTheOneBeforeForAsLongAsEvents()
    {
        var changedAt = _rig.Now.AddHours(1);
        await _rig.Store.SaveEndpointAsync(
            _rig.Endpoint with
            {
                Version = 2,
                UpdatedAt = changedAt,
            },
            None
        );

        var item = Assert.Single(await KeptAsync());

        Assert.Equal(
            (changedAt + TimeSpan.FromDays(30)).ToUnixTimeSeconds(),
            item.Int64(TenantsTable.EndpointField.Ttl)
        );
        var kept = TenantItems.ReadVersion(item);
        Assert.Equal((1, 2, 2), (kept.Endpoint.Version, kept.Revision, kept.FirstRevision));
        Assert.Empty(kept.Endpoint.Secrets);
        var secret = Assert.Single(_rig.Endpoint.Secrets).Value.Bytes.ToArray();
        Assert.DoesNotContain(
            Convert.ToBase64String(secret)[..^3],
            System.Text.Encoding.UTF8.GetString(item.Bytes(TenantsTable.EndpointField.Document)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Save_ThatCrashesInBetween_LeavesTheEndpointAsItWas()
    {
        var next = _rig.Endpoint with { Version = 2 };
        using (_rig.CrashAfter(1))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _rig.Frail.SaveEndpointAsync(next, None)
            );
        }

        Assert.Single(await KeptAsync());
        var revision = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!.RoutingRevision;
        Assert.Equal([1], await VersionsAsync(revision));
        Assert.True(await _rig.Store.SaveEndpointAsync(next, None));
        Assert.Single(await KeptAsync());
        Assert.Equal([1, 2], await VersionsAsync(revision));
        Assert.Equal([2], await VersionsAsync(revision + 1));
    }

    [Fact]
    public async Task Remove_ADeletedTenant_LeavesNoVersionBehind()
    {
        await _rig.Store.SaveEndpointAsync(_rig.Endpoint with { Version = 2 }, None);
        var life = await LifeAsync();
        await _rig.Store.SaveAsync(_rig.Deleted, None);

        await _rig.Store.RemoveAsync(_rig.Tenant.Id, None);

        Assert.Empty(await KeptAsync(life));
    }

    private async Task<IEnumerable<int>> VersionsAsync(long revision) =>
        (await _rig.Store.ListEndpointVersionsAsync(_rig.Tenant.Id, revision, None)).Select(each =>
            each.Endpoint.Version
        );

    private async Task<string> LifeAsync() =>
        (await _rig.ReadRawAsync(TenantsTable.TenantSk))!.Text(
            TenantsTable.TenantField.Incarnation
        );

    private async Task<List<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>>> KeptAsync(
        string? life = null
    ) =>
        await _rig.Calls.QueryAsync(
            TenantsTable.VersionsPk(_rig.Tenant.Id, life ?? await LifeAsync()),
            "",
            None
        );
}
