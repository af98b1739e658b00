using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Moves deliveries without an attempt.</summary>
internal static class TransitionWrites
{
    public sealed record SetAside(
        DeliveryKey Key,
        DeliveryFence Fence,
        DeliveryStatus Status,
        ReasonCode Reason,
        DateTimeOffset Now
    );

    public sealed record Restart(DeliveryRestart Asked, int PayloadInlineBytesMax);

    public sealed record Cancel(
        DeliveryKey Key,
        int? Generation,
        ReasonCode Reason,
        DateTimeOffset Now
    );

    public static bool Apply(WriteSession session, SetAside asked) =>
        session
            .Prepare(
                """
                UPDATE deliveries SET status = ?1, due_ms = NULL, updated_ms = ?2, last_reason = ?3
                WHERE event_id = ?4 AND endpoint = ?5 AND due_ms IS NOT NULL
                    AND generation = ?6 AND generation_attempts = ?7
                """
            )
            .Bind((long)asked.Status)
            .Bind(asked.Now.ToMs())
            .Bind((long)asked.Reason)
            .Bind(asked.Key.EventId.Value)
            .Bind(session.EndpointRef(asked.Key.Endpoint))
            .Bind(asked.Fence.Generation)
            .Bind(asked.Fence.GenerationAttempts)
            .Run() == 1;

    public static bool Apply(WriteSession session, Cancel cancel) =>
        session
            .Prepare(
                """
                UPDATE deliveries SET status = 4, due_ms = NULL, updated_ms = ?1, last_reason = ?2
                WHERE event_id = ?3 AND endpoint = ?4 AND (due_ms IS NOT NULL OR status = 2)
                    AND (?5 IS NULL OR generation = ?5)
                """
            )
            .Bind(cancel.Now.ToMs())
            .Bind((long)cancel.Reason)
            .Bind(cancel.Key.EventId.Value)
            .Bind(session.EndpointRef(cancel.Key.Endpoint))
            .Bind((long?)cancel.Generation)
            .Run() == 1;

    public static DueDelivery? Apply(WriteSession session, Restart restart)
    {
        var asked = restart.Asked;
        var endpoint = session.EndpointRef(asked.Key.Endpoint);
        var moved =
            session
                .Prepare(
                    """
                    UPDATE deliveries
                    SET status = ?1, due_ms = ?2, updated_ms = ?3,
                        last_reason = COALESCE(?4, last_reason), source = ?5, backlog = ?6,
                        generation = generation + 1, generation_attempts = 0
                    WHERE event_id = ?7 AND endpoint = ?8
                        AND (?9 = 0 OR (?9 >> status) & 1 = 1) AND (?10 IS NULL OR generation = ?10)
                    """
                )
                .Bind((long)(asked.Park ? DeliveryStatus.Parked : DeliveryStatus.Pending))
                .Bind(asked.Park ? null : asked.DueAt.ToMs())
                .Bind(asked.Now.ToMs())
                .Bind(asked.Park ? (long)ReasonCode.EndpointDisabled : null)
                .Bind((long)asked.Source)
                .Bind(asked.Source.IsBacklog() ? 1L : 0L)
                .Bind(asked.Key.EventId.Value)
                .Bind(endpoint)
                .Bind(asked.OnlyFrom.Aggregate(0L, (set, each) => set | (1L << (int)each)))
                .Bind((long?)asked.Generation)
                .Run() == 1;
        return moved
            ? DueRows.Find(
                session.Database,
                asked.Key,
                session.TenantRef(asked.Key.TenantId),
                endpoint,
                asked.DueAt,
                restart.PayloadInlineBytesMax,
                session.CommitNumber
            )
            : null;
    }
}
