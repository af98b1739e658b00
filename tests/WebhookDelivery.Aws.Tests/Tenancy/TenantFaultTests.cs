using System.Security.Cryptography;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Lost answers, throttling, late writes and large partitions.</summary>
public sealed class TenantFaultTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TenantRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await TenantRig.CreateAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Create_WhoseFirstAnswerIsLost_IsKnownToHaveHappened()
    {
        using (_rig.Proxy.On("PutItem", AwsFault.DropAfter(), times: 1))
        {
            Assert.True(await _rig.Frail.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None));
        }

        Assert.Single((await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!.Endpoints);
    }

    [Fact]
    public async Task Save_WhoseFirstAnswerIsLost_IsKnownToHaveHappened()
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None);
        using var lost = _rig.Proxy.On("UpdateItem", AwsFault.DropAfter(), times: 1);
        Assert.True(await _rig.Frail.SaveAsync(_rig.Tenant with { Version = 2 }, None));
        Assert.False(await _rig.Frail.SaveAsync(_rig.Tenant with { Version = 2 }, None));
    }

    [Fact]
    public async Task SaveEndpoint_WhoseFirstAnswerIsLost_IsKnownToHaveHappened()
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None);
        foreach (var version in new[] { 1, 2 })
        {
            var endpoint = _rig.Endpoint with { Version = version };
            using var lost = _rig.Proxy.On("PutItem", AwsFault.DropAfter(), times: 1);
            Assert.True(await _rig.Frail.SaveEndpointAsync(endpoint, None));
            Assert.False(await _rig.Frail.SaveEndpointAsync(endpoint, None));
        }
    }

    [Fact]
    public async Task Calls_ThrottledForAMoment_AreMadeAgain()
    {
        using var throttle = _rig.Proxy.On(
            _ => true,
            AwsFault.Refuse("ProvisionedThroughputExceededException"),
            times: 1
        );
        Assert.True(await _rig.Frail.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None));
        Assert.NotNull(await _rig.Frail.LoadAsync(_rig.Tenant.Id, None));
    }

    [Theory]
    [InlineData("ProvisionedThroughputExceededException", 400)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("InternalServerError", 500)]
    [InlineData("ResourceNotFoundException", 400)]
    public async Task Calls_ThatDynamoDbKeepsRefusing_SayThatTheStoreIsUnavailable(
        string code,
        int status
    )
    {
        using var refusal = _rig.Proxy.On(_ => true, AwsFault.Refuse(code, status));
        var id = _rig.Tenant.Id;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await _rig.Frail.LoadAsync(id, None)
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await _rig.Frail.SaveApiKeyAsync(_rig.Key, None)
        );
    }

    [Fact]
    public async Task Create_AfterAnErasedTenantOfThatId_DoesNotInheritWhatIsWrittenLate()
    {
        var (id, key) = (_rig.Tenant.Id, _rig.Endpoint.Key);
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, _rig.Endpoint, None);
        var late = await _rig.ReadRawAsync(TenantsTable.EndpointSk(key.EndpointId));
        await _rig.Store.SaveAsync(_rig.Deleted, None);
        await _rig.Store.RemoveAsync(id, None);
        await _rig.Calls.PutAsync(late!, None);

        Assert.Null(await _rig.Store.LoadAsync(id, None));
        Assert.True(await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None));

        Assert.Empty((await _rig.Store.LoadAsync(id, None))!.Endpoints);
        Assert.Null(await _rig.Store.FindEndpointAsync(key, None));
        Assert.False(await _rig.Store.SaveEndpointAsync(_rig.Endpoint with { Version = 2 }, None));
        Assert.True(await _rig.Store.SaveEndpointAsync(_rig.Endpoint, None));
        Assert.NotNull(await _rig.Store.FindEndpointAsync(key, None));
    }

    [Fact]
    public async Task SaveEndpoint_ThatLandsAfterTheDeletion_OwesNothingForLong()
    {
        var owing = _rig.Endpoint with { BacklogAction = BacklogAction.Resume };
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, owing, None);
        var late = await _rig.ReadRawAsync(TenantsTable.EndpointSk(owing.Key.EndpointId));
        await _rig.Store.SaveAsync(_rig.Deleted, None);
        await _rig.Calls.PutAsync(late!, None);

        Assert.Empty((await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!.Endpoints);
        var found = await _rig.Store.FindEndpointAsync(owing.Key, None);
        Assert.Equal(_rig.Now, found!.DeletedAt);
        Assert.Equal(BacklogAction.None, found.BacklogAction);

        var owed = Assert.Single(await _rig.Store.ListBacklogActionsAsync(10, None));
        var settled = owed with { Version = 2, BacklogAction = BacklogAction.None };
        Assert.False(await _rig.Store.SaveEndpointAsync(settled, None));
        Assert.Empty(await _rig.Store.ListBacklogActionsAsync(10, None));
    }

    [Fact]
    public async Task Load_OfMoreThanOnePageOfDynamoDb_IsComplete()
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None);
        for (var i = 0; i < 30; i++)
        {
            // 30 × 48 KB and base64's third more: above the 1 MB that one answer holds.
            var header = new SealedValue(1, RandomNumberGenerator.GetBytes(48 * 1024));
            await _rig.Store.SaveEndpointAsync(
                _rig.NewEndpoint() with
                {
                    Headers = [new SealedHeader("x-large", header)],
                },
                None
            );
        }

        var before = _rig.Proxy.Of("Query").Count;
        Assert.Equal(30, (await _rig.Frail.LoadAsync(_rig.Tenant.Id, None))!.Endpoints.Count);
        Assert.True(_rig.Proxy.Of("Query").Count > before + 1);
    }

    [Fact]
    public async Task SaveEndpoint_OfManyAtOnce_GrowsTheRoutingRevisionByAsMany()
    {
        await _rig.Store.CreateAsync(_rig.Tenant, _rig.Key, null, None);
        var before = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!.RoutingRevision;
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => _rig.Store.SaveEndpointAsync(_rig.NewEndpoint(), None).AsTask())
        );
        var after = (await _rig.Store.LoadAsync(_rig.Tenant.Id, None))!.RoutingRevision;
        Assert.Equal(before + 8, after);
    }
}
