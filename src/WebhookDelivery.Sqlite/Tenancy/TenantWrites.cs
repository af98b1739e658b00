using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Changes tenants, keys and endpoints, in the writer's transaction.</summary>
internal static class TenantWrites
{
    public static bool Create(
        WriteSession session,
        (Tenant Tenant, ApiKey Key, Endpoint? Endpoint) asked
    )
    {
        var tenant = asked.Tenant;
        var added =
            session
                .Prepare(
                    """
                    INSERT OR IGNORE INTO tenants
                        (tenant, version, routing_revision, created_ms, updated_ms, deleted_ms,
                         data_key, name)
                    VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7)
                    """
                )
                .Bind(tenant.Id.Value)
                .Bind(tenant.Version)
                .Bind(tenant.CreatedAt.ToMs())
                .Bind(tenant.UpdatedAt.ToMs())
                .Bind(tenant.DeletedAt.ToMs())
                .Bind(tenant.DataKey.Wrapped.Span)
                .Bind(tenant.Name)
                .Run() == 1;
        if (added)
        {
            SaveKey(session, asked.Key);
            if (asked.Endpoint is { } endpoint)
            {
                SaveEndpoint(session, endpoint);
            }
        }

        return added;
    }

    public static bool Save(WriteSession session, Tenant tenant)
    {
        var saved =
            session
                .Prepare(
                    """
                    UPDATE tenants
                    SET version = ?2, updated_ms = ?3, deleted_ms = ?4, data_key = ?5, name = ?6,
                        created_ms = ?7
                    WHERE tenant = ?1 AND version = ?2 - 1
                    """
                )
                .Bind(tenant.Id.Value)
                .Bind(tenant.Version)
                .Bind(tenant.UpdatedAt.ToMs())
                .Bind(tenant.DeletedAt.ToMs())
                .Bind(tenant.DataKey.Wrapped.Span)
                .Bind(tenant.Name)
                .Bind(tenant.CreatedAt.ToMs())
                .Run() == 1;
        if (saved && tenant.DeletedAt is { } deletedAt)
        {
            RevokeKeys(session, tenant.Id, deletedAt);
            TombstoneEndpoints(session, tenant.Id, deletedAt);
        }

        return saved;
    }

    /// <summary>All in the one transaction: never do two master keys wrap what a database holds.</summary>
    public static int ReplaceDataKeys(
        WriteSession session,
        IReadOnlyList<DataKeyReplacement> replacements
    )
    {
        var replaced = 0;
        foreach (var (seen, wrapped) in replacements)
        {
            replaced += session
                .Prepare(
                    """
                    UPDATE tenants SET data_key = ?3, version = version + 1
                    WHERE tenant = ?1 AND data_key = ?2
                    """
                )
                .Bind(seen.TenantId.Value)
                .Bind(seen.Wrapped.Span)
                .Bind(wrapped.Span)
                .Run();
        }

        return replaced;
    }

    public static bool Remove(WriteSession session, TenantId tenant)
    {
        var removed =
            session
                .Prepare("DELETE FROM tenants WHERE tenant = ?1 AND deleted_ms IS NOT NULL")
                .Bind(tenant.Value)
                .Run() == 1;
        if (removed)
        {
            session.Prepare("DELETE FROM api_keys WHERE tenant = ?1").Bind(tenant.Value).Run();
            session.Prepare("DELETE FROM endpoints WHERE tenant = ?1").Bind(tenant.Value).Run();
            session
                .Prepare("DELETE FROM endpoint_versions WHERE tenant = ?1")
                .Bind(tenant.Value)
                .Run();
            RecoveryWrites.Erase(session, tenant);
            RemoveRefs(session, tenant);
        }

        return removed;
    }

    public static bool SaveKey(WriteSession session, ApiKey key)
    {
        session
            .Prepare(
                """
                INSERT OR REPLACE INTO api_keys
                    (key_id, role, tenant, created_ms, revoked_ms, hash, description)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """
            )
            .Bind(key.Id)
            .Bind((long)key.Role)
            .Bind(key.TenantId?.Value)
            .Bind(key.CreatedAt.ToMs())
            .Bind(key.RevokedAt.ToMs())
            .Bind(key.Hash.Span)
            .Bind(key.Description)
            .Run();
        return true;
    }

    public static bool SaveEndpoint(WriteSession session, Endpoint endpoint)
    {
        if (!IsLive(session, endpoint.Key.TenantId))
        {
            return false;
        }

        VersionWrites.Keep(session, endpoint);
        if (!WriteEndpoint(session, endpoint))
        {
            return false;
        }

        session
            .Prepare("UPDATE tenants SET routing_revision = routing_revision + 1 WHERE tenant = ?1")
            .Bind(endpoint.Key.TenantId.Value)
            .Run();
        VersionWrites.Number(session, endpoint);
        return true;
    }

    public static bool SetFailingSince(
        WriteSession session,
        (EndpointKey Key, DateTimeOffset? From, DateTimeOffset? To) asked
    ) =>
        session
            .Prepare(
                """
                UPDATE endpoints SET failing_since_ms = ?4
                WHERE tenant = ?1 AND endpoint = ?2 AND failing_since_ms IS ?3
                    AND deleted_ms IS NULL
                """
            )
            .Bind(asked.Key.TenantId.Value)
            .Bind(asked.Key.EndpointId.Value)
            .Bind(asked.From.ToMs())
            .Bind(asked.To.ToMs())
            .Run() == 1;

    private static bool IsLive(WriteSession session, TenantId tenant)
    {
        using var rows = session
            .Prepare("SELECT 1 FROM tenants WHERE tenant = ?1 AND deleted_ms IS NULL")
            .Bind(tenant.Value)
            .Query();
        return rows.Step();
    }

    private static bool WriteEndpoint(WriteSession session, Endpoint endpoint)
    {
        var statement =
            endpoint.Version == 1
                ? session.Prepare(
                    """
                    INSERT OR IGNORE INTO endpoints
                        (tenant, endpoint, version, backlog_action, failing_since_ms, deleted_ms,
                         document, external_id)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    """
                )
                : session.Prepare(
                    """
                    UPDATE endpoints
                    SET version = ?3, backlog_action = ?4, deleted_ms = ?6, document = ?7
                    WHERE tenant = ?1 AND endpoint = ?2 AND version = ?3 - 1
                        AND failing_since_ms IS ?5
                    """
                );
        statement
            .Bind(endpoint.Key.TenantId.Value)
            .Bind(endpoint.Key.EndpointId.Value)
            .Bind(endpoint.Version)
            .Bind((long)endpoint.BacklogAction)
            .Bind(endpoint.FailingSince.ToMs())
            .Bind(endpoint.DeletedAt.ToMs())
            .Bind(EndpointDocument.Write(endpoint));
        if (endpoint.Version == 1)
        {
            statement.Bind(endpoint.ExternalId);
        }

        return statement.Run() == 1;
    }

    private static void RevokeKeys(WriteSession session, TenantId tenant, DateTimeOffset now) =>
        session
            .Prepare("UPDATE api_keys SET revoked_ms = ?2 WHERE tenant = ?1 AND revoked_ms IS NULL")
            .Bind(tenant.Value)
            .Bind(now.ToMs())
            .Run();

    private static void TombstoneEndpoints(
        WriteSession session,
        TenantId tenant,
        DateTimeOffset now
    )
    {
        foreach (var endpoint in TenantReads.AllEndpoints(session.Database, tenant))
        {
            // Its backlog is erased with the tenant's events, so nothing else is owed to it; and an
            // endpoint of a deleted tenant cannot be saved again to say that it was done.
            WriteEndpoint(
                session,
                endpoint with
                {
                    Version = endpoint.Version + 1,
                    BacklogAction = BacklogAction.None,
                    UpdatedAt = now,
                    DeletedAt = endpoint.DeletedAt ?? now,
                }
            );
        }

        session
            .Prepare("UPDATE tenants SET routing_revision = routing_revision + 1 WHERE tenant = ?1")
            .Bind(tenant.Value)
            .Run();
    }

    // While a late event or outcome still refers to them they stay, and go with the next removal.
    private static void RemoveRefs(WriteSession session, TenantId tenant)
    {
        if (
            EventRows.TenantRef(session.Database, tenant) is not { } found
            || HasEvents(session, found)
        )
        {
            return;
        }

        session.Prepare("DELETE FROM endpoint_refs WHERE tenant = ?1").Bind(found).Run();
        session.Prepare("DELETE FROM tenant_refs WHERE ref = ?1").Bind(found).Run();
        session.Forget();
    }

    private static bool HasEvents(WriteSession session, long tenant)
    {
        using var rows = session
            .Prepare("SELECT 1 FROM events WHERE tenant = ?1 LIMIT 1")
            .Bind(tenant)
            .Query();
        return rows.Step();
    }
}
