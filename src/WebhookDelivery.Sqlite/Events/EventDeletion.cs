using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Deletes events with all that hangs on them, in the writer's transaction.</summary>
internal static class EventDeletion
{
    public sealed record Expire(
        IReadOnlyList<long> Sequences,
        long EventsBeforeMs,
        long DeadLettersBeforeMs
    );

    /// <summary>Deletes those of the given events that are still expired. Returns how many.</summary>
    public static int Apply(WriteSession session, Expire asked)
    {
        var deleted = 0;
        foreach (var seq in asked.Sequences)
        {
            if (
                Expiry.IsExpired(
                    session.Database,
                    seq,
                    asked.EventsBeforeMs,
                    asked.DeadLettersBeforeMs
                )
            )
            {
                Delete(session.Database, seq);
                deleted++;
            }
        }

        return deleted;
    }

    /// <summary>Deletes keys that expired by the time. Returns how many.</summary>
    public static int Apply(WriteSession session, (long NowMs, int Limit) asked) =>
        session
            .Prepare(
                """
                DELETE FROM idempotency_keys WHERE (tenant, key) IN (
                    SELECT tenant, key FROM idempotency_keys INDEXED BY idempotency_keys_by_expiry
                    WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)
                """
            )
            .Bind(asked.NowMs)
            .Bind(asked.Limit)
            .Run();

    /// <summary>Deletes a tenant's events, and after them keys and statistics. Returns how many.</summary>
    public static int Apply(WriteSession session, (TenantId Tenant, int Limit) asked)
    {
        if (EventRows.TenantRef(session.Database, asked.Tenant) is not { } tenant)
        {
            return 0;
        }

        var sequences = new List<long>();
        using (
            var rows = session
                .Prepare("SELECT seq FROM events WHERE tenant = ?1 ORDER BY event_id LIMIT ?2")
                .Bind(tenant)
                .Bind(asked.Limit)
                .Query()
        )
        {
            while (rows.Step())
            {
                sequences.Add(rows.Int64(0));
            }
        }

        foreach (var seq in sequences)
        {
            Delete(session.Database, seq);
        }

        var keys = session
            .Prepare(
                """
                DELETE FROM idempotency_keys WHERE tenant = ?1 AND key IN (
                    SELECT key FROM idempotency_keys WHERE tenant = ?1 LIMIT ?2)
                """
            )
            .Bind(tenant)
            .Bind(asked.Limit)
            .Run();
        return sequences.Count > 0
            ? sequences.Count
            : keys + StatisticsWrites.Erase(session, tenant, asked.Limit);
    }

    private static void Delete(Database database, long seq)
    {
        // Another tenant's event may have the same id: only this tenant's rows go.
        database
            .Prepare(
                """
                DELETE FROM attempts
                WHERE event_id = (SELECT event_id FROM events WHERE seq = ?1)
                    AND endpoint IN (
                        SELECT d.endpoint FROM deliveries d JOIN events e
                            ON e.event_id = d.event_id AND e.tenant = d.tenant
                        WHERE e.seq = ?1)
                """
            )
            .Bind(seq)
            .Run();
        database
            .Prepare(
                """
                DELETE FROM deliveries
                WHERE event_id = (SELECT event_id FROM events WHERE seq = ?1)
                    AND tenant = (SELECT tenant FROM events WHERE seq = ?1)
                """
            )
            .Bind(seq)
            .Run();
        database.Prepare("DELETE FROM events WHERE seq = ?1").Bind(seq).Run();
    }
}
