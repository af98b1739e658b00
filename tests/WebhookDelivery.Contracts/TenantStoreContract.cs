using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>What every <see cref="ITenantStore"/> keeps.</summary>
public abstract partial class TenantStoreContract : PortContract
{
    [Fact]
    public async Task Create_WithKeyAndEndpoint_StoresAllThree()
    {
        var tenant = NewTenant();
        var key = NewKey(tenant.Id);
        var endpoint = NewEndpoint(tenant.Id);

        Assert.True(await Tenants.CreateAsync(tenant, key, endpoint, None));

        var loaded = await Tenants.LoadAsync(tenant.Id, None);
        Assert.NotNull(loaded);
        AssertSame(tenant, loaded.Tenant);
        AssertSame(endpoint, Assert.Single(loaded.Endpoints));
        AssertSame(key, await Tenants.FindApiKeyAsync(key.Id, None));
        AssertSame(endpoint, await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Fact]
    public async Task Create_WhereTheIdIsInUse_ChangesNothing()
    {
        var tenant = NewTenant();
        Assert.True(await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None));
        var key = NewKey(tenant.Id);
        var second = tenant with { Name = "Somebody else" };
        Assert.False(await Tenants.CreateAsync(second, key, NewEndpoint(tenant.Id), None));
        var loaded = await Tenants.LoadAsync(tenant.Id, None);
        AssertSame(tenant, loaded!.Tenant);
        Assert.Empty(loaded.Endpoints);
        Assert.Null(await Tenants.FindApiKeyAsync(key.Id, None));
    }

    [Fact]
    public async Task Create_WhereTheTenantIsBeingErased_ChangesNothing()
    {
        var tenant = await AddDeletedAsync();
        Assert.False(
            await Tenants.CreateAsync(NewTenant(tenant.Id), NewKey(tenant.Id), null, None)
        );
        Assert.NotNull((await Tenants.LoadAsync(tenant.Id, None))!.Tenant.DeletedAt);
    }

    [Fact]
    public async Task Create_OfOneIdConcurrently_SucceedsOnce()
    {
        var id = NewTenantId();
        var created = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                        await Tenants.CreateAsync(NewTenant(id), NewKey(id), null, None)
                    )
                )
        );
        Assert.Single(created, true);
        Assert.Single(await Tenants.ListApiKeysAsync(id, None));
    }

    [Fact]
    public async Task Reads_OfWhatIsUnknown_FindNothing()
    {
        var tenant = NewTenantId();
        Assert.Null(await Tenants.LoadAsync(tenant, None));
        Assert.Null(await Tenants.FindApiKeyAsync("0000000000000000", None));
        Assert.Null(await Tenants.FindEndpointAsync(new(tenant, NewEndpointId()), None));
        Assert.Empty(await Tenants.ListApiKeysAsync(tenant, None));
    }

    [Fact]
    public async Task List_InPages_IsByIdAfterTheGivenOne()
    {
        var deleted = await AddDeletedAsync();
        var ids = new List<TenantId> { deleted.Id };
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await AddTenantAsync());
        }

        // Other tests' tenants may be among them.
        var listed = new List<Tenant>();
        TenantId? after = null;
        while (await Tenants.ListAsync(after, 3, None) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 3);
            listed.AddRange(page);
            after = page[^1].Id;
        }

        Assert.Equal(
            listed.Select(each => each.Id.Value).Order(StringComparer.Ordinal),
            listed.Select(each => each.Id.Value)
        );
        Assert.Equal(listed.Count, listed.DistinctBy(each => each.Id).Count());
        Assert.Subset(listed.Select(each => each.Id).ToHashSet(), ids.ToHashSet());
        Assert.NotNull(listed.Single(each => each.Id == deleted.Id).DeletedAt);
    }

    [Fact]
    public async Task Save_TheNextVersion_ReplacesTheRow()
    {
        var tenant = NewTenant();
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None);
        Time.Advance(TimeSpan.FromSeconds(5));
        var next = tenant with { Version = 2, Name = null, UpdatedAt = Now };
        Assert.True(await Tenants.SaveAsync(next, None));
        AssertSame(next, (await Tenants.LoadAsync(tenant.Id, None))!.Tenant);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Save_AnotherVersion_ChangesNothing(int version)
    {
        var tenant = NewTenant();
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None);
        Assert.False(await Tenants.SaveAsync(tenant with { Version = version, Name = "x" }, None));
        AssertSame(tenant, (await Tenants.LoadAsync(tenant.Id, None))!.Tenant);
    }

    [Fact]
    public async Task Save_AnUnknownTenant_ChangesNothing()
    {
        var tenant = NewTenant() with { Version = 2 };
        Assert.False(await Tenants.SaveAsync(tenant, None));
        Assert.Null(await Tenants.LoadAsync(tenant.Id, None));
    }

    [Fact]
    public async Task Save_ADeletion_RevokesKeysAndTombstonesEndpoints()
    {
        var tenant = NewTenant();
        var key = NewKey(tenant.Id);
        var endpoint = NewEndpoint(tenant.Id) with { BacklogAction = BacklogAction.Resume };
        await Tenants.CreateAsync(tenant, key, endpoint, None);
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(
            await Tenants.SaveAsync(
                tenant with
                {
                    Version = 2,
                    UpdatedAt = Now,
                    DeletedAt = Now,
                },
                None
            )
        );

        var loaded = await Tenants.LoadAsync(tenant.Id, None);
        Assert.Equal(Now, loaded!.Tenant.DeletedAt);
        Assert.Empty(loaded.Endpoints);
        Assert.Equal(Now, (await Tenants.FindApiKeyAsync(key.Id, None))!.RevokedAt);
        var tombstone = await Tenants.FindEndpointAsync(endpoint.Key, None);
        Assert.Equal(Now, tombstone!.DeletedAt);
        Assert.True(tombstone.Version > 1);
        Assert.False(
            await Tenants.SaveEndpointAsync(
                tombstone with
                {
                    Version = tombstone.Version + 1,
                },
                None
            )
        );
        Assert.False(await Tenants.SaveEndpointAsync(NewEndpoint(tenant.Id), None));
    }

    [Fact]
    public async Task Remove_ADeletedTenant_LeavesNothing()
    {
        var tenant = NewTenant();
        var key = NewKey(tenant.Id);
        var endpoint = NewEndpoint(tenant.Id);
        await Tenants.CreateAsync(tenant, key, endpoint, None);
        await Tenants.SaveAsync(tenant with { Version = 2, DeletedAt = Now }, None);

        await Tenants.RemoveAsync(tenant.Id, None);
        await Tenants.RemoveAsync(tenant.Id, None);

        Assert.Null(await Tenants.LoadAsync(tenant.Id, None));
        Assert.Null(await Tenants.FindApiKeyAsync(key.Id, None));
        Assert.Null(await Tenants.FindEndpointAsync(endpoint.Key, None));
        Assert.Empty(await Tenants.ListApiKeysAsync(tenant.Id, None));
        Assert.True(await Tenants.CreateAsync(NewTenant(tenant.Id), key, null, None));
        await AppendOneAsync(tenant.Id);
    }

    [Fact]
    public async Task Remove_ALiveTenant_ChangesNothing()
    {
        var tenant = NewTenant();
        var key = NewKey(tenant.Id);
        await Tenants.CreateAsync(tenant, key, NewEndpoint(tenant.Id), None);
        await Tenants.RemoveAsync(tenant.Id, None);
        Assert.Single((await Tenants.LoadAsync(tenant.Id, None))!.Endpoints);
        Assert.NotNull(await Tenants.FindApiKeyAsync(key.Id, None));
    }

    [Fact]
    public async Task SaveApiKey_Again_ReplacesIt()
    {
        var key = NewKey(await AddTenantAsync());
        await Tenants.SaveApiKeyAsync(key, None);
        var revoked = key with { RevokedAt = Now.AddDays(1), Description = null };
        await Tenants.SaveApiKeyAsync(revoked, None);
        await Tenants.SaveApiKeyAsync(revoked, None);
        AssertSame(revoked, await Tenants.FindApiKeyAsync(key.Id, None));
    }

    [Fact]
    public async Task ListApiKeys_OfATenant_AreItsOwnOldestFirst()
    {
        var tenant = await AddTenantAsync();
        await AddTenantAsync();
        var keys = new List<ApiKey>();
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            keys.Add(NewKey(tenant) with { RevokedAt = i == 1 ? Now : null });
            await Tenants.SaveApiKeyAsync(keys[i], None);
        }

        var listed = await Tenants.ListApiKeysAsync(tenant, None);
        Assert.Equal(keys.Select(key => key.Id), listed.Skip(1).Select(key => key.Id));
        Assert.All(listed, key => Assert.Equal(tenant, key.TenantId));
        Assert.NotNull(listed[2].RevokedAt);
    }

    [Fact]
    public async Task ListApiKeys_OfNoTenant_AreOperatorsKeys()
    {
        var key = NewKey(null);
        await Tenants.SaveApiKeyAsync(key, None);
        await Tenants.SaveApiKeyAsync(NewKey(await AddTenantAsync()), None);
        var listed = await Tenants.ListApiKeysAsync(null, None);
        Assert.Contains(listed, each => each.Id == key.Id);
        Assert.All(listed, each => Assert.Null(each.TenantId));
    }

    [Fact]
    public async Task SaveEndpoint_WithEverythingSet_CanBeReadAsItWas()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant) with
        {
            Description = "orders → warehouse",
            ExternalId = "warehouse-1",
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["team"] = "Lager",
                ["Ünïcode \"quoted\""] = "",
            },
            Operational = true,
            EventTypes = EventTypeFilter.Parse(["order.*", "refund.**"], out _)!,
            Filter = PayloadFilter.Parse(
                System.Text.Json.JsonElement.Parse(
                    """{"and":[{"field":"data.größe","gte":1.50},{"field":"/a~1b","in":["x",null]}]}"""
                ),
                out _
            ),
            Headers =
            [
                new SealedHeader("X-One", new SealedValue(1, new byte[] { 1, 2 })),
                new SealedHeader("x-two", new SealedValue(1, new byte[] { 3 })),
            ],
            Secrets =
            [
                new EndpointSecret(new SealedValue(2, new byte[] { 4 }), null),
                new EndpointSecret(new SealedValue(1, new byte[] { 5 }), Now.AddHours(24)),
                new EndpointSecret(new SealedValue(3, new byte[] { 6 }), Now) { Retired = true },
            ],
            RetrySchedule = RetrySchedule.Parse(["1500ms", "2m", "3h"], out _),
            Timeout = TimeSpan.FromSeconds(7.5),
            RateLimitPerSecond = 12.5,
            MaxInFlight = 3,
            Disabled = true,
            DisabledReason = ReasonCode.EndpointGone,
            DisabledAt = Now.AddMinutes(-1),
            FailingSince = Now.AddHours(-1),
            BacklogAction = BacklogAction.Resume,
        };
        Assert.True(await Tenants.SaveEndpointAsync(endpoint, None));
        AssertSame(endpoint, await Tenants.FindEndpointAsync(endpoint.Key, None));
        AssertSame(endpoint, Assert.Single((await Tenants.LoadAsync(tenant, None))!.Endpoints));
    }

    [Fact]
    public async Task SaveEndpoint_TheNextVersion_ReplacesIt()
    {
        var endpoint = NewEndpoint(await AddTenantAsync());
        Assert.True(await Tenants.SaveEndpointAsync(endpoint, None));
        var next = endpoint with { Version = 2, Url = "https://other.example/" };
        Assert.True(await Tenants.SaveEndpointAsync(next, None));
        AssertSame(next, await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task SaveEndpoint_AnotherVersion_ChangesNothing(int version)
    {
        var endpoint = NewEndpoint(await AddTenantAsync());
        await Tenants.SaveEndpointAsync(endpoint, None);
        var revision = (await Tenants.LoadAsync(endpoint.Key.TenantId, None))!.RoutingRevision;
        var other = endpoint with { Version = version, Url = "https://other.example/" };
        Assert.False(await Tenants.SaveEndpointAsync(other, None));
        AssertSame(endpoint, await Tenants.FindEndpointAsync(endpoint.Key, None));
        Assert.Equal(
            revision,
            (await Tenants.LoadAsync(endpoint.Key.TenantId, None))!.RoutingRevision
        );
    }

    [Fact]
    public async Task SaveEndpoint_OfAVersionAfterNothing_ChangesNothing()
    {
        var endpoint = NewEndpoint(await AddTenantAsync()) with { Version = 2 };
        Assert.False(await Tenants.SaveEndpointAsync(endpoint, None));
        Assert.Null(await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Fact]
    public async Task SaveEndpoint_OfAMissingTenant_ChangesNothing()
    {
        var endpoint = NewEndpoint(NewTenantId());
        Assert.False(await Tenants.SaveEndpointAsync(endpoint, None));
        Assert.Null(await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Fact]
    public async Task SaveEndpoint_EveryTime_GrowsTheRoutingRevision()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant);
        var revisions = new List<long>();
        for (var version = 1; version <= 3; version++)
        {
            revisions.Add((await Tenants.LoadAsync(tenant, None))!.RoutingRevision);
            Assert.True(await Tenants.SaveEndpointAsync(endpoint with { Version = version }, None));
        }

        revisions.Add((await Tenants.LoadAsync(tenant, None))!.RoutingRevision);
        Assert.Equal(revisions.Distinct().Order(), revisions);
    }

    [Fact]
    public async Task SaveEndpoint_Concurrently_LetsOneOfAVersionWin()
    {
        var endpoint = NewEndpoint(await AddTenantAsync());
        await Tenants.SaveEndpointAsync(endpoint, None);
        var saved = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number =>
                    Task.Run(async () =>
                        await Tenants.SaveEndpointAsync(
                            endpoint with
                            {
                                Version = 2,
                                MaxInFlight = number + 1,
                            },
                            None
                        )
                    )
                )
        );
        Assert.Single(saved, true);
    }

    [Fact]
    public async Task Load_WithADeletedEndpoint_LeavesItOutAndKeepsItsTombstone()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpoint(tenant);
        await Tenants.SaveEndpointAsync(endpoint, None);
        var deleted = endpoint with
        {
            Version = 2,
            DeletedAt = Now,
            BacklogAction = BacklogAction.Cancel,
        };
        Assert.True(await Tenants.SaveEndpointAsync(deleted, None));
        var loaded = (await Tenants.LoadAsync(tenant, None))!;
        Assert.Empty(loaded.Endpoints);
        Assert.Equal(1, loaded.DeletedEndpoints);
        Assert.Equal(1, await Tenants.CountDeletedEndpointsAsync(tenant, Now, None));
        Assert.Equal(0, await Tenants.CountDeletedEndpointsAsync(tenant, Now.AddSeconds(1), None));
        AssertSame(deleted, await Tenants.FindEndpointAsync(endpoint.Key, None));
    }

    [Fact]
    public async Task Load_WithDisabledEndpoints_ListsAllById()
    {
        var tenant = await AddTenantAsync();
        var endpoints = Enumerable.Range(0, 5).Select(_ => NewEndpoint(tenant)).ToList();
        foreach (var endpoint in endpoints)
        {
            await Tenants.SaveEndpointAsync(endpoint with { Disabled = true }, None);
        }

        Assert.Equal(
            endpoints.Select(endpoint => endpoint.Key.EndpointId).Order(),
            (await Tenants.LoadAsync(tenant, None))!.Endpoints.Select(each => each.Key.EndpointId)
        );
    }

    [Fact]
    public async Task FindEndpoint_UnderAnotherTenant_FindsNothing()
    {
        var endpoint = NewEndpoint(await AddTenantAsync());
        await Tenants.SaveEndpointAsync(endpoint, None);
        var foreign = endpoint.Key with { TenantId = await AddTenantAsync() };
        Assert.Null(await Tenants.FindEndpointAsync(foreign, None));
    }

    [Fact]
    public async Task ListBacklogActions_OfThoseThatOweOne_UntilItIsCleared()
    {
        var tenant = await AddTenantAsync();
        var idle = NewEndpoint(tenant);
        var enabled = NewEndpoint(tenant) with { BacklogAction = BacklogAction.Resume };
        var deleted = NewEndpoint(tenant) with
        {
            BacklogAction = BacklogAction.Cancel,
            DeletedAt = Now,
        };
        foreach (var endpoint in new[] { idle, enabled, deleted })
        {
            await Tenants.SaveEndpointAsync(endpoint, None);
        }

        Assert.Equal(
            [enabled.Key, deleted.Key],
            (await OwedAsync(tenant)).Select(endpoint => endpoint.Key).ToHashSet()
        );
        Assert.Single(await Tenants.ListBacklogActionsAsync(1, None));
        foreach (var endpoint in new[] { enabled, deleted })
        {
            await Tenants.SaveEndpointAsync(
                endpoint with
                {
                    Version = 2,
                    BacklogAction = BacklogAction.None,
                },
                None
            );
        }

        Assert.Empty(await OwedAsync(tenant));
    }

    [Fact]
    public async Task ListBacklogActions_OfManyKinds_LeavesThoseThatOnlyResumeToTheLast()
    {
        BacklogAction[] actions =
        [
            BacklogAction.Resume,
            BacklogAction.Cancel,
            BacklogAction.Resume,
            BacklogAction.Announce,
            BacklogAction.Announce | BacklogAction.Resume,
            BacklogAction.Resume,
        ];
        var first = await AddTenantAsync();
        foreach (var action in actions)
        {
            var endpoint = NewEndpoint(first) with { BacklogAction = action };
            await Tenants.SaveEndpointAsync(endpoint, None);
            // What it owes may change without a version.
            await ReplaceAsync(endpoint, action, BacklogAction.Resume);
            await ReplaceAsync(endpoint, BacklogAction.Resume, action);
        }

        var owed = (await OwedAsync(first)).ConvertAll(each => each.BacklogAction);
        Assert.Equal(actions.Order(), owed.Order());
        Assert.Equal(3, owed.FindIndex(each => each == BacklogAction.Resume));
        Assert.All(
            await Tenants.ListBacklogActionsAsync(1, None),
            each => Assert.NotEqual(BacklogAction.Resume, each.BacklogAction)
        );
    }

    private async Task ReplaceAsync(Endpoint endpoint, BacklogAction seen, BacklogAction next) =>
        Assert.True(
            await Tenants.ReplaceBacklogActionAsync(
                endpoint.Key,
                endpoint.Version,
                seen,
                next,
                None
            )
        );

    private async Task<List<Endpoint>> OwedAsync(TenantId tenant) =>
        [
            .. (await Tenants.ListBacklogActionsAsync(1000, None)).Where(endpoint =>
                endpoint.Key.TenantId == tenant
            ),
        ];

    private async Task<Tenant> AddDeletedAsync()
    {
        var tenant = NewTenant();
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None);
        var deleted = tenant with { Version = 2, DeletedAt = Now };
        Assert.True(await Tenants.SaveAsync(deleted, None));
        return deleted;
    }

    private static void AssertSame(Tenant expected, Tenant actual)
    {
        Assert.Equal(expected.DataKey.Wrapped.ToArray(), actual.DataKey.Wrapped.ToArray());
        Assert.Equal(expected, actual with { DataKey = expected.DataKey });
    }

    private static void AssertSame(ApiKey expected, ApiKey? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Hash.ToArray(), actual.Hash.ToArray());
        Assert.Equal(expected, actual with { Hash = expected.Hash });
    }

    private static void AssertSame(Endpoint expected, Endpoint? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(
            expected.Headers.Select(each => (each.Name, each.Value.Version, Hex(each.Value))),
            actual.Headers.Select(each => (each.Name, each.Value.Version, Hex(each.Value)))
        );
        Assert.Equal(
            expected.Secrets.Select(each => (each.ExpiresAt, each.Retired, Hex(each.Value))),
            actual.Secrets.Select(each => (each.ExpiresAt, each.Retired, Hex(each.Value)))
        );
        Assert.Equal(
            expected.Metadata.OrderBy(each => each.Key, StringComparer.Ordinal),
            actual.Metadata.OrderBy(each => each.Key, StringComparer.Ordinal)
        );
        Assert.Equal(
            expected,
            actual with
            {
                Metadata = expected.Metadata,
                Headers = expected.Headers,
                Secrets = expected.Secrets,
            }
        );
    }

    private static string Hex(SealedValue value) =>
        $"{value.Version}:{Convert.ToHexString(value.Bytes.Span)}";
}
