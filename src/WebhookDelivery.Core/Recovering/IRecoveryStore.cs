namespace WebhookDelivery.Core;

/// <summary>
/// Port: recoveries, erased with their tenant (<see cref="ITenantStore.RemoveAsync"/>). Thread-safe. Every
/// member may throw <see cref="StoreUnavailableException"/>; a write that threw it may still have happened
/// if it was under way, so writes are idempotent or conditional on a version.
/// </summary>
public interface IRecoveryStore
{
    /// <summary>Adds a recovery. False, changing nothing, if its endpoint has one of this id.</summary>
    ValueTask<bool> AddAsync(Recovery recovery, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a recovery if the stored version is one less than the given one; otherwise changes
    /// nothing and returns false.
    /// </summary>
    ValueTask<bool> SaveAsync(Recovery recovery, CancellationToken cancellationToken);

    /// <summary>Reads one as it was last written; null if the endpoint has none of this id.</summary>
    ValueTask<Recovery?> FindAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists an endpoint's, newest first, at most <paramref name="limit"/>, from the first that is older
    /// than <paramref name="before"/> (null: the newest).
    /// </summary>
    ValueTask<IReadOnlyList<Recovery>> ListAsync(
        EndpointKey endpoint,
        RecoveryId? before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists running ones of all tenants, by <see cref="Recovery.NextAt"/>, at most
    /// <paramref name="limit"/>. What was written a moment ago may be missing or be listed as it was.
    /// </summary>
    ValueTask<IReadOnlyList<Recovery>> ListRunningAsync(
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes one, whatever its state. Idempotent.</summary>
    ValueTask DeleteAsync(EndpointKey endpoint, RecoveryId id, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes up to <paramref name="limit"/> that finished before <paramref name="before"/>. Returns how
    /// many; 0 when none is left.
    /// </summary>
    ValueTask<int> DeleteFinishedAsync(
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    );
}
