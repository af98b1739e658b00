using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>How an endpoint comes to be failing, and healthy again.</summary>
public abstract partial class TenantStoreContract
{
    [Fact]
    public async Task SetFailingSince_FromWhatIsStored_ChangesThatAlone()
    {
        var endpoint = await AddEndpointAsync();
        var before = await Tenants.LoadAsync(endpoint.Key.TenantId, None);

        Assert.True(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None));

        var after = await Tenants.LoadAsync(endpoint.Key.TenantId, None);
        AssertSame(endpoint with { FailingSince = Now }, Assert.Single(after!.Endpoints));
        Assert.Equal(before!.RoutingRevision, after.RoutingRevision);
        Assert.True(await Tenants.SetFailingSinceAsync(endpoint.Key, Now, null, None));
        AssertSame(endpoint, await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Fact]
    public async Task SetFailingSince_FromSomethingElse_ChangesNothing()
    {
        var endpoint = await AddEndpointAsync();
        Assert.False(await Tenants.SetFailingSinceAsync(endpoint.Key, Now, null, None));
        Assert.True(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None));

        Assert.False(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None));
        Assert.False(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now.AddDays(1), None));
        Assert.False(await Tenants.SetFailingSinceAsync(endpoint.Key, Now.AddDays(1), null, None));

        var stored = await Tenants.FindEndpointAsync(endpoint.Key, None);
        Assert.Equal(Now, stored!.FailingSince);
    }

    [Fact]
    public async Task SetFailingSince_OfWhatIsUnknownOrDeleted_ChangesNothing()
    {
        var endpoint = await AddEndpointAsync();
        var deleted = endpoint with { Version = 2, DeletedAt = Now };
        Assert.True(await Tenants.SaveEndpointAsync(deleted, None));
        var unknown = endpoint.Key with { EndpointId = NewEndpointId() };

        Assert.False(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None));
        Assert.False(await Tenants.SetFailingSinceAsync(unknown, null, Now, None));

        AssertSame(deleted, await Tenants.FindEndpointAsync(endpoint.Key, None));
        Assert.Null(await Tenants.FindEndpointAsync(unknown, None));
    }

    [Fact]
    public async Task SetFailingSince_Concurrently_LetsOneWin()
    {
        var endpoint = await AddEndpointAsync();
        var changed = await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(hours =>
                    Task.Run(async () =>
                        await Tenants.SetFailingSinceAsync(
                            endpoint.Key,
                            null,
                            Now.AddHours(-hours),
                            None
                        )
                    )
                )
        );
        Assert.Single(changed, true);
    }

    [Fact]
    public async Task SetFailingSince_OfOneThatOwesSomething_LeavesItOnTheList()
    {
        var endpoint = await AddEndpointAsync(BacklogAction.Announce | BacklogAction.Resume);
        Assert.True(await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None));
        AssertSame(
            endpoint with
            {
                FailingSince = Now,
            },
            Assert.Single(await OwedAsync(endpoint.Key.TenantId))
        );
    }

    [Fact]
    public async Task SaveEndpoint_OfOneThatFailsSinceIsOtherwiseStored_ChangesNothing()
    {
        var endpoint = await AddEndpointAsync();
        var healthy = endpoint with { Version = 2, Description = "loaded while healthy" };
        await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None);
        Assert.False(await Tenants.SaveEndpointAsync(healthy, None));

        var failing = healthy with { FailingSince = Now };
        await Tenants.SetFailingSinceAsync(endpoint.Key, Now, null, None);
        Assert.False(await Tenants.SaveEndpointAsync(failing, None));

        AssertSame(endpoint, await Tenants.FindEndpointAsync(endpoint.Key, None));
        await Tenants.SetFailingSinceAsync(endpoint.Key, null, Now, None);
        Assert.True(await Tenants.SaveEndpointAsync(failing, None));
        AssertSame(failing, await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    private async Task<Endpoint> AddEndpointAsync(BacklogAction owed = BacklogAction.None)
    {
        var endpoint = NewEndpoint(await AddTenantAsync()) with { BacklogAction = owed };
        Assert.True(await Tenants.SaveEndpointAsync(endpoint, None));
        return endpoint;
    }
}
