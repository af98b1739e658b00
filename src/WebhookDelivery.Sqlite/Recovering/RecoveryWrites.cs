using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Changes recoveries, in the writer's transaction.</summary>
internal static class RecoveryWrites
{
    public static bool Add(WriteSession session, Recovery recovery) =>
        Bind(
                session.Prepare(
                    """
                    INSERT OR IGNORE INTO recoveries
                        (tenant, endpoint, recovery, version, next_ms, finished_ms, document)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    """
                ),
                recovery
            )
            .Run() == 1;

    public static bool Save(WriteSession session, Recovery recovery) =>
        Bind(
                session.Prepare(
                    """
                    UPDATE recoveries
                    SET version = ?4, next_ms = ?5, finished_ms = ?6, document = ?7
                    WHERE tenant = ?1 AND endpoint = ?2 AND recovery = ?3 AND version = ?4 - 1
                    """
                ),
                recovery
            )
            .Run() == 1;

    public static bool Delete(WriteSession session, (EndpointKey Endpoint, RecoveryId Id) asked) =>
        session
            .Prepare("DELETE FROM recoveries WHERE tenant = ?1 AND endpoint = ?2 AND recovery = ?3")
            .Bind(asked.Endpoint.TenantId.Value)
            .Bind(asked.Endpoint.EndpointId.Value)
            .Bind(asked.Id.Value)
            .Run() == 1;

    public static int DeleteFinished(
        WriteSession session,
        (DateTimeOffset Before, int Limit) asked
    ) =>
        session
            .Prepare(
                """
                DELETE FROM recoveries WHERE id IN (
                    SELECT id FROM recoveries INDEXED BY recoveries_finished
                    WHERE finished_ms < ?1 ORDER BY finished_ms LIMIT ?2
                )
                """
            )
            .Bind(asked.Before.ToMs())
            .Bind(asked.Limit)
            .Run();

    /// <summary>Those of a tenant that is removed.</summary>
    public static void Erase(WriteSession session, TenantId tenant) =>
        session.Prepare("DELETE FROM recoveries WHERE tenant = ?1").Bind(tenant.Value).Run();

    private static Statement Bind(Statement statement, Recovery recovery) =>
        statement
            .Bind(recovery.Endpoint.TenantId.Value)
            .Bind(recovery.Endpoint.EndpointId.Value)
            .Bind(recovery.Id.Value)
            .Bind(recovery.Version)
            .Bind(recovery.FinishedAt is null ? recovery.NextAt.ToMs() : null)
            .Bind(recovery.FinishedAt.ToMs())
            .Bind(RecoveryDocument.Write(recovery));
}
