using System.Security.Cryptography;
using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>How tenants' data keys come into another wrapping.</summary>
public abstract partial class TenantStoreContract
{
    [Fact]
    public async Task ReplaceDataKeys_SeenAsTheyAre_ReplacesThemAndNothingElse()
    {
        var (first, second) = (NewTenant(), NewTenant());
        var endpoint = NewEndpoint(first.Id);
        await Tenants.CreateAsync(first, NewKey(first.Id), endpoint, None);
        await Tenants.CreateAsync(second, NewKey(second.Id), null, None);
        var replacements = new[] { Replace(first), Replace(second) };

        Assert.Equal(2, await Tenants.ReplaceDataKeysAsync(replacements, None));
        Assert.Equal(0, await Tenants.ReplaceDataKeysAsync(replacements, None));

        var loaded = (await Tenants.LoadAsync(first.Id, None))!;
        AssertSame(After(first, replacements[0]), loaded.Tenant);
        AssertSame(endpoint, Assert.Single(loaded.Endpoints));
        AssertSame(
            After(second, replacements[1]),
            (await Tenants.LoadAsync(second.Id, None))!.Tenant
        );
    }

    [Fact]
    public async Task ReplaceDataKeys_SeenOtherwise_ReplacesTheOthersAlone()
    {
        var (changed, missing, same) = (NewTenant(), NewTenant(), NewTenant());
        await Tenants.CreateAsync(changed, NewKey(changed.Id), null, None);
        await Tenants.CreateAsync(same, NewKey(same.Id), null, None);
        var other = changed with { DataKey = NewDataKey(changed.Id) };

        Assert.Equal(
            1,
            await Tenants.ReplaceDataKeysAsync(
                [Replace(other), Replace(missing), Replace(same)],
                None
            )
        );

        AssertSame(changed, (await Tenants.LoadAsync(changed.Id, None))!.Tenant);
        Assert.Null(await Tenants.LoadAsync(missing.Id, None));
    }

    [Fact]
    public async Task ReplaceDataKeys_OfATenantBeingErased_LeavesItDeleted()
    {
        var tenant = await AddDeletedAsync();
        var replacement = Replace(tenant);
        Assert.Equal(1, await Tenants.ReplaceDataKeysAsync([replacement], None));
        AssertSame(After(tenant, replacement), (await Tenants.LoadAsync(tenant.Id, None))!.Tenant);
    }

    [Fact]
    public async Task ReplaceDataKeys_BeforeASaveOfAnOlderRow_IsNotUndone()
    {
        var tenant = NewTenant();
        await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None);
        var replacement = Replace(tenant);
        Assert.Equal(1, await Tenants.ReplaceDataKeysAsync([replacement], None));

        Assert.False(await Tenants.SaveAsync(tenant with { Version = 2, Name = "x" }, None));

        AssertSame(After(tenant, replacement), (await Tenants.LoadAsync(tenant.Id, None))!.Tenant);
    }

    [Fact]
    public async Task ReplaceDataKeys_OfNone_ReplacesNone() =>
        Assert.Equal(0, await Tenants.ReplaceDataKeysAsync([], None));

    private static TenantDataKey NewDataKey(TenantId tenant) =>
        new(tenant, RandomNumberGenerator.GetBytes(61));

    private static DataKeyReplacement Replace(Tenant tenant) =>
        new(tenant.DataKey, NewDataKey(tenant.Id).Wrapped);

    private static Tenant After(Tenant before, DataKeyReplacement replacement) =>
        before with
        {
            Version = before.Version + 1,
            DataKey = replacement.Seen with { Wrapped = replacement.Wrapped },
        };
}
