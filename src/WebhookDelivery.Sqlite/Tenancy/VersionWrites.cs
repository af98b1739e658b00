using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Keeps what endpoints were, in the writer's transaction.</summary>
internal static class VersionWrites
{
    /// <summary>Keeps what is stored of an endpoint, which the given version is about to replace.</summary>
    public static void Keep(WriteSession session, Endpoint next)
    {
        var stored = TenantReads.FindEndpoint(session.Database, next.Key);
        if (
            stored is null
            || stored.Version != next.Version - 1
            || stored.FailingSince != next.FailingSince
        )
        {
            return;
        }

        session
            .Prepare(
                """
                INSERT OR REPLACE INTO endpoint_versions
                    (tenant, endpoint, version, revision, first_revision, superseded_ms, deleted_ms,
                     document)
                SELECT tenant, endpoint, version, revision, first_revision, ?3, ?4, ?5
                FROM endpoints WHERE tenant = ?1 AND endpoint = ?2
                """
            )
            .Bind(next.Key.TenantId.Value)
            .Bind(next.Key.EndpointId.Value)
            .Bind(next.UpdatedAt.ToMs())
            .Bind(stored.DeletedAt.ToMs())
            .Bind(EndpointDocument.Write(EndpointVersion.Superseded(stored)))
            .Run();
        session
            .Prepare(
                "DELETE FROM endpoint_versions WHERE tenant = ?1 AND endpoint = ?2 AND version <= ?3"
            )
            .Bind(next.Key.TenantId.Value)
            .Bind(next.Key.EndpointId.Value)
            .Bind(stored.Version - EndpointVersion.SupersededMax)
            .Run();
    }

    /// <summary>Writes beside an endpoint which revision it came with: its tenant's, which it has just grown.</summary>
    public static void Number(WriteSession session, Endpoint saved) =>
        session
            .Prepare(
                """
                UPDATE endpoints SET revision = t.routing_revision,
                    first_revision = CASE WHEN endpoints.version = 1 THEN t.routing_revision
                        ELSE endpoints.first_revision END
                FROM (SELECT routing_revision FROM tenants WHERE tenant = ?1) t
                WHERE endpoints.tenant = ?1 AND endpoints.endpoint = ?2
                """
            )
            .Bind(saved.Key.TenantId.Value)
            .Bind(saved.Key.EndpointId.Value)
            .Run();

    /// <summary>Deletes what was superseded by the time. Returns how many versions went.</summary>
    public static int DeleteOld(WriteSession session, (long BeforeMs, int Limit) asked) =>
        session
            .Prepare(
                """
                DELETE FROM endpoint_versions WHERE (tenant, endpoint, version) IN (
                    SELECT tenant, endpoint, version
                    FROM endpoint_versions INDEXED BY endpoint_versions_by_age
                    WHERE superseded_ms <= ?1 ORDER BY superseded_ms LIMIT ?2)
                """
            )
            .Bind(asked.BeforeMs)
            .Bind(asked.Limit)
            .Run();

    public static bool ReplaceBacklogAction(
        WriteSession session,
        (EndpointKey Key, int Version, BacklogAction Seen, BacklogAction Next) asked
    ) =>
        session
            .Prepare(
                """
                UPDATE endpoints SET backlog_action = ?5
                WHERE tenant = ?1 AND endpoint = ?2 AND version = ?3 AND backlog_action = ?4
                """
            )
            .Bind(asked.Key.TenantId.Value)
            .Bind(asked.Key.EndpointId.Value)
            .Bind(asked.Version)
            .Bind((long)asked.Seen)
            .Bind((long)asked.Next)
            .Run() == 1;
}
