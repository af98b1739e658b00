namespace WebhookDelivery.Core.Tests;

/// <summary>
/// The real store, with a list that still shows a tenant as it was once; or that cannot be read, where
/// it shows none.
/// </summary>
internal sealed class UnreliableTenantList(ITenantStore inner, Tenant? asItWas) : ITenantStore
{
    public ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        asItWas is null
            ? throw new StoreUnavailableException("The test says so.")
            : new(after is null ? [asItWas] : []);

    public ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    ) => inner.CreateAsync(tenant, key, endpoint, cancellationToken);

    public ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => inner.LoadAsync(tenant, cancellationToken);

    public ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => inner.CountDeletedEndpointsAsync(tenant, since, cancellationToken);

    public ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken) =>
        inner.SaveAsync(tenant, cancellationToken);

    public ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    ) => inner.ReplaceDataKeysAsync(replacements, cancellationToken);

    public ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken) =>
        inner.RemoveAsync(tenant, cancellationToken);

    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken) =>
        inner.FindApiKeyAsync(keyId, cancellationToken);

    public ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    ) => inner.ListApiKeysAsync(tenant, cancellationToken);

    public ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        inner.SaveApiKeyAsync(key, cancellationToken);

    public ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) => inner.FindEndpointAsync(key, cancellationToken);

    public ValueTask<bool> SaveEndpointAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    ) => inner.SaveEndpointAsync(endpoint, cancellationToken);

    public ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    ) => inner.SetFailingSinceAsync(key, from, to, cancellationToken);

    public ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    ) => inner.ListEndpointVersionsAsync(tenant, atRevision, cancellationToken);

    public ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    ) => inner.ReplaceBacklogActionAsync(key, version, seen, next, cancellationToken);

    public ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    ) => inner.ListBacklogActionsAsync(limit, cancellationToken);
}
