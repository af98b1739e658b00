using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>What endpoints were, and what their backlogs are owed.</summary>
public abstract partial class TenantStoreContract
{
    [Fact]
    public async Task ListEndpointVersions_AtEveryRevision_GivesWhatALoadThenSaw()
    {
        var tenant = await AddTenantAsync();
        var seen = new List<TenantSnapshot>();
        var (first, second) = (NewEndpoint(tenant), NewEndpoint(tenant));
        foreach (
            var next in new[]
            {
                first,
                first with
                {
                    Version = 2,
                    Disabled = true,
                },
                second,
                first with
                {
                    Version = 3,
                    Url = "https://other.example/",
                },
                second with
                {
                    Version = 2,
                    DeletedAt = Now,
                },
                first with
                {
                    Version = 4,
                    EventTypes = EventTypeFilter.Parse(["a.*"], out _)!,
                },
            }
        )
        {
            seen.Add((await Tenants.LoadAsync(tenant, None))!);
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await Tenants.SaveEndpointAsync(next with { UpdatedAt = Now }, None));
        }

        seen.Add((await Tenants.LoadAsync(tenant, None))!);
        foreach (var snapshot in seen)
        {
            var listed = await Tenants.ListEndpointVersionsAsync(
                tenant,
                snapshot.RoutingRevision,
                None
            );
            Assert.Equal(
                snapshot.Endpoints.Select(Shown).Order(),
                InForce(listed, snapshot.RoutingRevision).Select(Shown).Order()
            );
            Assert.Equal(
                [(first.Key, 4), (second.Key, 2)],
                listed
                    .GroupBy(each => each.Endpoint.Key)
                    .Select(each => (each.Key, each.Last().Endpoint.Version))
            );
        }
    }

    [Fact]
    public async Task ListEndpointVersions_OfTheFirstEndpoint_KnowsWhenItCame()
    {
        var tenant = NewTenant();
        var endpoint = NewEndpoint(tenant.Id);
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), endpoint, None);
        var revision = (await Tenants.LoadAsync(tenant.Id, None))!.RoutingRevision;

        var listed = await Tenants.ListEndpointVersionsAsync(tenant.Id, revision, None);

        var version = Assert.Single(listed);
        AssertSame(endpoint, version.Endpoint);
        Assert.InRange(version.Revision!.Value, 0, revision);
        Assert.Equal(version.Revision, version.FirstRevision);
    }

    [Fact]
    public async Task ListEndpointVersions_OfWhatIsSuperseded_HoldsNoSecretsAndNoHeaders()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant) with
        {
            Description = "orders",
            Headers = [new SealedHeader("X-One", new SealedValue(1, new byte[] { 1, 2 }))],
            EventTypes = EventTypeFilter.Parse(["order.*"], out _)!,
            Disabled = true,
            DisabledReason = ReasonCode.EndpointGone,
        };
        await Tenants.SaveEndpointAsync(endpoint, None);
        var revision = (await Tenants.LoadAsync(tenant, None))!.RoutingRevision;
        await Tenants.SaveEndpointAsync(endpoint with { Version = 2, Headers = [] }, None);

        var listed = await Tenants.ListEndpointVersionsAsync(tenant, revision, None);

        Assert.Equal([1, 2], listed.Select(each => each.Endpoint.Version));
        AssertSame(EndpointVersion.Superseded(endpoint), listed[0].Endpoint);
        Assert.Empty(listed[0].Endpoint.Secrets);
        Assert.Empty(listed[0].Endpoint.Headers);
        Assert.Equal(endpoint.EventTypes, listed[0].Endpoint.EventTypes);
    }

    [Fact]
    public async Task ListEndpointVersions_OfMoreThanAreKept_ForgetsTheOldest()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant);
        var revisions = new List<long>();
        for (var version = 1; version <= EndpointVersion.SupersededMax + 3; version++)
        {
            Assert.True(await Tenants.SaveEndpointAsync(endpoint with { Version = version }, None));
            revisions.Add((await Tenants.LoadAsync(tenant, None))!.RoutingRevision);
        }

        Assert.Equal([3, 103], await VersionsAsync(tenant, revisions[2]));
        Assert.Equal([103], await VersionsAsync(tenant, revisions[1]));
        Assert.Equal([103], await VersionsAsync(tenant, revisions[0]));
        var last = await Tenants.ListEndpointVersionsAsync(tenant, revisions[0], None);
        Assert.Equal(revisions[0], Assert.Single(last).FirstRevision);
    }

    [Fact]
    public async Task ListEndpointVersions_OfASaveThatFailed_ShowsNothingOfIt()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant);
        await Tenants.SaveEndpointAsync(endpoint, None);
        await Tenants.SaveEndpointAsync(endpoint with { Version = 2 }, None);
        var revision = (await Tenants.LoadAsync(tenant, None))!.RoutingRevision;
        Assert.False(await Tenants.SaveEndpointAsync(endpoint with { Version = 2 }, None));
        Assert.False(await Tenants.SaveEndpointAsync(endpoint with { Version = 4 }, None));

        Assert.Equal([2], await VersionsAsync(tenant, revision));
        Assert.Equal([1, 2], await VersionsAsync(tenant, revision - 1));
    }

    [Fact]
    public async Task ListEndpointVersions_OfATenantOfAnErasedOnesId_ShowsNothingOfThat()
    {
        var tenant = NewTenant();
        var endpoint = NewEndpoint(tenant.Id);
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), endpoint, None);
        await Tenants.SaveEndpointAsync(endpoint with { Version = 2 }, None);
        await Tenants.SaveAsync(tenant with { Version = 2, DeletedAt = Now }, None);
        await Tenants.RemoveAsync(tenant.Id, None);
        Assert.Empty(await Tenants.ListEndpointVersionsAsync(tenant.Id, long.MaxValue, None));

        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None);

        Assert.Empty(await Tenants.ListEndpointVersionsAsync(tenant.Id, 2, None));
    }

    [Fact]
    public async Task ListEndpointVersions_OfAnotherTenant_AreNotShown()
    {
        var (tenant, other) = (await AddTenantAsync(), await AddTenantAsync());
        await Tenants.SaveEndpointAsync(NewEndpoint(other), None);
        Assert.Empty(await Tenants.ListEndpointVersionsAsync(tenant, 100, None));
        Assert.Empty(await Tenants.ListEndpointVersionsAsync(NewTenantId(), 100, None));
    }

    [Fact]
    public async Task ReplaceBacklogAction_AsItWasSeen_MakesNoVersionAndNoRevision()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant) with { BacklogAction = BacklogAction.Resume };
        await Tenants.SaveEndpointAsync(endpoint, None);
        var revision = (await Tenants.LoadAsync(tenant, None))!.RoutingRevision;

        Assert.True(await ReplaceAsync(endpoint, 1, BacklogAction.Resume, BacklogAction.Cancel));
        Assert.Equal(BacklogAction.Cancel, Assert.Single(await OwedAsync(tenant)).BacklogAction);
        Assert.True(await ReplaceAsync(endpoint, 1, BacklogAction.Cancel, BacklogAction.None));
        Assert.Empty(await OwedAsync(tenant));
        AssertSame(
            endpoint with
            {
                BacklogAction = BacklogAction.None,
            },
            await Tenants.FindEndpointAsync(endpoint.Key, None)
        );
        Assert.Equal(revision, (await Tenants.LoadAsync(tenant, None))!.RoutingRevision);
        Assert.Equal([1], await VersionsAsync(tenant, revision));

        Assert.True(await ReplaceAsync(endpoint, 1, BacklogAction.None, BacklogAction.Resume));
        Assert.Single(await OwedAsync(tenant));
    }

    [Fact]
    public async Task ReplaceBacklogAction_OfAnythingElse_ChangesNothing()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant) with { BacklogAction = BacklogAction.Resume };
        await Tenants.SaveEndpointAsync(endpoint, None);

        Assert.False(await ReplaceAsync(endpoint, 2, BacklogAction.Resume, BacklogAction.None));
        Assert.False(await ReplaceAsync(endpoint, 1, BacklogAction.Cancel, BacklogAction.None));
        Assert.False(await ReplaceAsync(endpoint, 1, BacklogAction.None, BacklogAction.Cancel));
        var absent = NewEndpoint(tenant);
        Assert.False(await ReplaceAsync(absent, 1, BacklogAction.None, BacklogAction.Cancel));

        Assert.Null(await Tenants.FindEndpointAsync(absent.Key, None));
        AssertSame(endpoint, Assert.Single(await OwedAsync(tenant)));
    }

    private ValueTask<bool> ReplaceAsync(
        Endpoint endpoint,
        int version,
        BacklogAction seen,
        BacklogAction next
    ) => Tenants.ReplaceBacklogActionAsync(endpoint.Key, version, seen, next, None);

    private async Task<IEnumerable<int>> VersionsAsync(TenantId tenant, long revision) =>
        (await Tenants.ListEndpointVersionsAsync(tenant, revision, None)).Select(each =>
            each.Endpoint.Version
        );

    /// <summary>The endpoints that were there at a revision, of what was listed for it.</summary>
    private static IEnumerable<Endpoint> InForce(
        IReadOnlyList<EndpointVersion> listed,
        long revision
    ) =>
        listed
            .GroupBy(each => each.Endpoint.Key)
            .Select(each => each.LastOrDefault(version => version.Revision <= revision))
            .OfType<EndpointVersion>()
            .Select(each => each.Endpoint)
            .Where(each => each.DeletedAt is null);

    private static string Shown(Endpoint endpoint) =>
        $"{endpoint.Key.EndpointId} {endpoint.Version} {endpoint.Url} {endpoint.Disabled} {string.Join(' ', endpoint.EventTypes.Patterns)}";
}
