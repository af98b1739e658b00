using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>No two endpoints of a tenant have the same external id.</summary>
public abstract partial class TenantStoreContract
{
    [Fact]
    public async Task SaveEndpoint_WithAnExternalIdInUse_ChangesNothing()
    {
        var tenant = await AddTenantAsync();
        var first = NewEndpoint(tenant) with { ExternalId = "crm" };
        Assert.True(await Tenants.SaveEndpointAsync(first, None));
        var before = (await Tenants.LoadAsync(tenant, None))!;

        var second = NewEndpoint(tenant) with { ExternalId = "crm" };
        Assert.False(await Tenants.SaveEndpointAsync(second, None));

        var after = (await Tenants.LoadAsync(tenant, None))!;
        AssertSame(first, Assert.Single(after.Endpoints));
        Assert.Equal(before.RoutingRevision, after.RoutingRevision);
        Assert.Equal(0, after.DeletedEndpoints);
        Assert.Null(await Tenants.FindEndpointAsync(second.Key, None));
    }

    [Fact]
    public async Task SaveEndpoint_WithOtherExternalIds_IsNotInTheWay()
    {
        var tenant = await AddTenantAsync();
        foreach (var externalId in new[] { "crm", "CRM", "crm2", null, null })
        {
            Assert.True(
                await Tenants.SaveEndpointAsync(
                    NewEndpoint(tenant) with
                    {
                        ExternalId = externalId,
                    },
                    None
                )
            );
        }

        var elsewhere = NewEndpoint(await AddTenantAsync()) with { ExternalId = "crm" };
        Assert.True(await Tenants.SaveEndpointAsync(elsewhere, None));
        Assert.Equal(5, (await Tenants.LoadAsync(tenant, None))!.Endpoints.Count);
    }

    [Fact]
    public async Task SaveEndpoint_OfOneExternalIdConcurrently_MakesOneEndpoint()
    {
        var tenant = await AddTenantAsync();
        var endpoints = Enumerable
            .Range(0, 8)
            .Select(_ => NewEndpoint(tenant) with { ExternalId = "crm" })
            .ToList();

        var saved = await Task.WhenAll(
            endpoints.Select(each =>
                Task.Run(async () => await Tenants.SaveEndpointAsync(each, None))
            )
        );

        Assert.Single(saved, true);
        var winner = endpoints[Array.IndexOf(saved, true)];
        AssertSame(winner, Assert.Single((await Tenants.LoadAsync(tenant, None))!.Endpoints));
        foreach (var loser in endpoints.Where(each => each != winner))
        {
            Assert.Null(await Tenants.FindEndpointAsync(loser.Key, None));
        }
    }

    [Fact]
    public async Task SaveEndpoint_AfterADeletion_TakesItsExternalId()
    {
        var tenant = await AddTenantAsync();
        var first = NewEndpoint(tenant) with { ExternalId = "crm" };
        await Tenants.SaveEndpointAsync(first, None);
        var deleted = first with { Version = 2, DeletedAt = Now };
        Assert.True(await Tenants.SaveEndpointAsync(deleted, None));

        var second = NewEndpoint(tenant) with { ExternalId = "crm" };
        Assert.True(await Tenants.SaveEndpointAsync(second, None));

        var loaded = (await Tenants.LoadAsync(tenant, None))!;
        AssertSame(second, Assert.Single(loaded.Endpoints));
        Assert.Equal(1, loaded.DeletedEndpoints);
        AssertSame(deleted, await Tenants.FindEndpointAsync(first.Key, None));
        var changed = second with { Version = 2, Description = "still its own" };
        Assert.True(await Tenants.SaveEndpointAsync(changed, None));
        var third = NewEndpoint(tenant) with { ExternalId = "crm" };
        Assert.False(await Tenants.SaveEndpointAsync(third, None));
        AssertSame(changed, await Tenants.FindEndpointAsync(second.Key, None));
    }

    [Fact]
    public async Task Create_WithAnExternalId_HoldsItUntilTheTenantIsRemoved()
    {
        var tenant = NewTenant();
        var endpoint = NewEndpoint(tenant.Id) with { ExternalId = "crm" };
        Assert.True(await Tenants.CreateAsync(tenant, NewKey(tenant.Id), endpoint, None));
        AssertSame(endpoint, Assert.Single((await Tenants.LoadAsync(tenant.Id, None))!.Endpoints));
        var second = NewEndpoint(tenant.Id) with { ExternalId = "crm" };
        Assert.False(await Tenants.SaveEndpointAsync(second, None));

        await Tenants.SaveAsync(tenant with { Version = 2, DeletedAt = Now }, None);
        await Tenants.RemoveAsync(tenant.Id, None);

        Assert.True(await Tenants.CreateAsync(NewTenant(tenant.Id), NewKey(tenant.Id), null, None));
        Assert.True(await Tenants.SaveEndpointAsync(second, None));
        AssertSame(second, Assert.Single((await Tenants.LoadAsync(tenant.Id, None))!.Endpoints));
    }
}
