namespace WebhookDelivery.Core;

/// <summary>
/// Port: tenants, API keys and endpoints. Thread-safe. Every member may throw
/// <see cref="StoreUnavailableException"/>; a write that threw it may still have happened if it was
/// under way, so writes are idempotent or conditional on a version.
/// </summary>
public interface ITenantStore
{
    /// <summary>
    /// Adds a tenant with its first key and, if given, its first endpoint: all or nothing. False,
    /// changing nothing, if the id is in use (also by a tenant whose data is still being erased).
    /// </summary>
    ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    );

    /// <summary>Reads a tenant, deleted or not, with its live endpoints; null if there is none.</summary>
    ValueTask<TenantSnapshot?> LoadAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the tenant's endpoints that were deleted at <paramref name="since"/> or later; 0 if there is
    /// no such tenant. Reads what it has of them: for rare use.
    /// </summary>
    ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists tenants, deleted ones (being erased) included, by id, at most <paramref name="limit"/>,
    /// from the first whose id is greater than <paramref name="after"/>.
    /// </summary>
    ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Replaces a tenant's row if the stored version is one less than the given one; otherwise
    /// changes nothing and returns false. Setting <see cref="Tenant.DeletedAt"/> also revokes its
    /// keys and tombstones its endpoints, in the same change.
    /// </summary>
    ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the wrappings of tenants' data keys, deleted tenants included: each where the stored one
    /// is still the one that was seen, growing the tenant's version by one, so that a change made on top
    /// of an older row cannot bring the old wrapping back; elsewhere nothing. Idempotent. Returns how
    /// many were replaced. If it throws, none, some or all were.
    /// </summary>
    ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes a deleted tenant's row, keys and endpoints, with their versions, for good, after its events are erased.
    /// Idempotent; does nothing to a tenant that is not deleted.
    /// </summary>
    ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Finds a key by its id, revoked or not; null if there is none.</summary>
    ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Lists a tenant's keys (null: operators' keys), oldest first, revoked ones included.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    );

    /// <summary>Adds a key, or replaces the one with the same id. Idempotent.</summary>
    ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Reads one endpoint, tombstones included; null if the tenant never had it.</summary>
    ValueTask<Endpoint?> FindEndpointAsync(EndpointKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Adds an endpoint (version 1), or replaces it if the stored version is one less than the given
    /// one and <see cref="Endpoint.FailingSince"/> is stored as it is given; otherwise changes nothing
    /// and returns false. Grows the tenant's routing revision, and keeps the version that was there, as
    /// <see cref="EndpointVersion.Superseded"/> leaves it: the newest
    /// <see cref="EndpointVersion.SupersededMax"/> of an endpoint, for as long as events are kept. False
    /// also if the tenant is missing or deleted, and for a new one if another endpoint of the tenant
    /// that is not deleted has its <see cref="Endpoint.ExternalId"/>.
    /// </summary>
    ValueTask<bool> SaveEndpointAsync(Endpoint endpoint, CancellationToken cancellationToken);

    /// <summary>
    /// Sets an endpoint's <see cref="Endpoint.FailingSince"/> to <paramref name="to"/>, if it is
    /// <paramref name="from"/> and the endpoint not deleted: neither its version nor the routing
    /// revision grows. True if this call changed it.
    /// </summary>
    ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists what a tenant's endpoints, tombstones included, are now and were at a routing revision: of
    /// each the newest version and, if that came later or nobody knows when, the newest that is kept of
    /// those that had come by then or of which nobody knows it. By endpoint, the older version first;
    /// empty if there is no such tenant.
    /// </summary>
    ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Replaces what an endpoint's backlog is owed, if its version and that are still as they were seen;
    /// otherwise changes nothing and returns false. It makes no version, and no routing revision.
    /// </summary>
    ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists endpoints whose <see cref="Endpoint.BacklogAction"/> is not None, tombstones included, at
    /// most <paramref name="limit"/>: those that owe nothing but Resume, which takes long, come last.
    /// </summary>
    ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    );
}
