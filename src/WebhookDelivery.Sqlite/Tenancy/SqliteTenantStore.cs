using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Tenants, API keys and endpoints in SQLite.</summary>
internal sealed class SqliteTenantStore(Writer writer, ReaderPool readers) : ITenantStore
{
    public ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((tenant, key, endpoint), TenantWrites.Create, cancellationToken));

    public ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(tenant, TenantReads.Load, cancellationToken);

    public ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((tenant, since), TenantReads.CountDeletedEndpoints, cancellationToken);

    public ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((after, limit), TenantReads.List, cancellationToken);

    public ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken) =>
        new(writer.ChangeAsync(tenant, TenantWrites.Save, cancellationToken));

    public ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync(replacements, TenantWrites.ReplaceDataKeys, cancellationToken));

    public ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new(writer.ChangeAsync(tenant, TenantWrites.Remove, cancellationToken));

    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken) =>
        readers.ReadAsync(keyId, TenantReads.FindKey, cancellationToken);

    public ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(tenant, TenantReads.ListKeys, cancellationToken);

    public ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        new(writer.ChangeAsync(key, TenantWrites.SaveKey, cancellationToken));

    public ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(key, TenantReads.FindEndpoint, cancellationToken);

    public ValueTask<bool> SaveEndpointAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync(endpoint, TenantWrites.SaveEndpoint, cancellationToken));

    public ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((key, from, to), TenantWrites.SetFailingSince, cancellationToken));

    public ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((tenant, atRevision), VersionReads.List, cancellationToken);

    public ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    ) =>
        new(
            writer.ChangeAsync(
                (key, version, seen, next),
                VersionWrites.ReplaceBacklogAction,
                cancellationToken
            )
        );

    public ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(limit, TenantReads.ListBacklogActions, cancellationToken);
}
