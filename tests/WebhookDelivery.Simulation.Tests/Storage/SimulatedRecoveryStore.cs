using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The port to recoveries, over a link that may fail.</summary>
internal sealed class SimulatedRecoveryStore(RecoveryTable table, IStoreLink link) : IRecoveryStore
{
    public ValueTask<bool> AddAsync(Recovery recovery, CancellationToken cancellationToken) =>
        link.CallAsync("add-recovery", recovery.Endpoint.TenantId, () => table.Add(Kept(recovery)));

    public ValueTask<bool> SaveAsync(Recovery recovery, CancellationToken cancellationToken) =>
        link.CallAsync(
            "save-recovery",
            recovery.Endpoint.TenantId,
            () => table.Save(Kept(recovery))
        );

    public ValueTask<Recovery?> FindAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) => link.CallAsync("find-recovery", endpoint.TenantId, () => table.Find(endpoint, id));

    public ValueTask<IReadOnlyList<Recovery>> ListAsync(
        EndpointKey endpoint,
        RecoveryId? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<Recovery>>(
            "list-recoveries",
            endpoint.TenantId,
            () =>
                [
                    .. table
                        .All.Where(each =>
                            each.Endpoint == endpoint
                            && (before is not { } bound || each.Id.CompareTo(bound) < 0)
                        )
                        .OrderByDescending(each => each.Id)
                        .Take(limit),
                ]
        );

    public ValueTask<IReadOnlyList<Recovery>> ListRunningAsync(
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<Recovery>>(
            "list-running",
            null,
            () =>
                [
                    .. table
                        .All.Where(each => each.FinishedAt is null)
                        .OrderBy(each => each.NextAt)
                        .ThenBy(each => each.Id)
                        .Take(limit),
                ]
        );

    public async ValueTask DeleteAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) =>
        await link.CallAsync(
            "delete-recovery",
            endpoint.TenantId,
            () => table.Delete(endpoint, id)
        );

    public ValueTask<int> DeleteFinishedAsync(
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    ) => link.CallAsync("expire-recoveries", null, () => table.DeleteFinished(before, limit));

    /// <summary>As the engines keep it: times in whole milliseconds, and what the document says.</summary>
    private static Recovery Kept(Recovery recovery) =>
        RecoveryDocument.Read(
            RecoveryDocument.Write(recovery),
            recovery.Endpoint,
            recovery.Id,
            recovery.Version,
            Whole(recovery.NextAt),
            recovery.FinishedAt is { } finished ? Whole(finished) : null
        );

    private static DateTimeOffset Whole(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
