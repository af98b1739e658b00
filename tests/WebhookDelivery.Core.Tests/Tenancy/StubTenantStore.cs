namespace WebhookDelivery.Core.Tests;

/// <summary>A tenant store whose reads are answered by the test, now or when it pleases.</summary>
internal sealed class StubTenantStore : ITenantStore
{
    public int Loads { get; private set; }

    public Func<ValueTask<TenantSnapshot?>> Load { get; set; } = () => new((TenantSnapshot?)null);

    public Func<ValueTask<ApiKey?>> Key { get; set; } = () => new((ApiKey?)null);

    public ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        Loads++;
        return Load();
    }

    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        Loads++;
        return Key();
    }

    public ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<bool> SaveEndpointAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
