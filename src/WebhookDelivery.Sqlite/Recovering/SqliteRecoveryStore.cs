using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Recoveries in SQLite.</summary>
internal sealed class SqliteRecoveryStore(Writer writer, ReaderPool readers) : IRecoveryStore
{
    public ValueTask<bool> AddAsync(Recovery recovery, CancellationToken cancellationToken) =>
        new(writer.ChangeAsync(recovery, RecoveryWrites.Add, cancellationToken));

    public ValueTask<bool> SaveAsync(Recovery recovery, CancellationToken cancellationToken) =>
        new(writer.ChangeAsync(recovery, RecoveryWrites.Save, cancellationToken));

    public ValueTask<Recovery?> FindAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((endpoint, id), RecoveryReads.Find, cancellationToken);

    public ValueTask<IReadOnlyList<Recovery>> ListAsync(
        EndpointKey endpoint,
        RecoveryId? before,
        int limit,
        CancellationToken cancellationToken
    ) => readers.ReadAsync((endpoint, before, limit), RecoveryReads.List, cancellationToken);

    public ValueTask<IReadOnlyList<Recovery>> ListRunningAsync(
        int limit,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(limit, RecoveryReads.ListRunning, cancellationToken);

    public ValueTask DeleteAsync(
        EndpointKey endpoint,
        RecoveryId id,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((endpoint, id), RecoveryWrites.Delete, cancellationToken));

    public ValueTask<int> DeleteFinishedAsync(
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    ) => new(writer.ChangeAsync((before, limit), RecoveryWrites.DeleteFinished, cancellationToken));
}
