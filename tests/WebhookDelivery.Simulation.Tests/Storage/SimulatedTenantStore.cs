using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The port to tenants, over a link that may fail.</summary>
internal sealed class SimulatedTenantStore(TenantTable table, IStoreLink link) : ITenantStore
{
    public ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    ) => link.CallAsync("create-tenant", tenant.Id, () => table.Create(tenant, key, endpoint));

    public ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => link.CallAsync("load-tenant", tenant, () => table.Load(tenant));

    public ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => link.CallAsync("count-deleted", tenant, () => table.CountDeleted(tenant, since));

    public ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<Tenant>>(
            "list-tenants",
            null,
            () =>
                [
                    .. table
                        .Tenants.Where(each =>
                            after is null
                            || string.CompareOrdinal(each.Id.Value, after.Value.Value) > 0
                        )
                        .Take(limit),
                ]
        );

    public ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken) =>
        link.CallAsync("save-tenant", tenant.Id, () => table.Save(tenant));

    public ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    ) => link.CallAsync("replace-keys", null, () => replacements.Count(table.Replace));

    public async ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await link.CallAsync(
            "remove-tenant",
            tenant,
            () =>
            {
                table.Remove(tenant);
                return true;
            }
        );

    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken) =>
        link.CallAsync("find-key", null, () => table.FindKey(keyId));

    public ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<ApiKey>>(
            "list-keys",
            tenant,
            () =>
                [
                    .. table
                        .Keys.Where(each => each.TenantId == tenant)
                        .OrderBy(each => each.CreatedAt),
                ]
        );

    public async ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        await link.CallAsync(
            "save-key",
            key.TenantId,
            () =>
            {
                table.Save(key);
                return true;
            }
        );

    public ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) => link.CallAsync("find-endpoint", key.TenantId, () => table.Find(key));

    public ValueTask<bool> SaveEndpointAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    ) => link.CallAsync("save-endpoint", endpoint.Key.TenantId, () => table.Save(endpoint));

    public ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    ) => link.CallAsync("set-failing", key.TenantId, () => table.SetFailingSince(key, from, to));

    public ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    ) => link.CallAsync("list-versions", tenant, () => table.Versions(tenant, atRevision));

    public ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "replace-backlog",
            key.TenantId,
            () => table.Replace(key, version, seen, next)
        );

    public ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<Endpoint>>(
            "list-backlogs",
            null,
            () =>
                [
                    .. table
                        .Endpoints.Where(each => each.BacklogAction != BacklogAction.None)
                        .OrderBy(each => each.BacklogAction == BacklogAction.Resume)
                        .Take(limit),
                ]
        );
}
