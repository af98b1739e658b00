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

    public sealed record Restart(
        DeliveryKey Key,
        DeliveryStatus? OnlyFrom,
        int? Generation,
        bool Park,
        DateTimeOffset Now,
        int PayloadInlineBytesMax
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

    public static DueDelivery? Apply(WriteSession session, Restart asked)
    {
        var endpoint = session.EndpointRef(asked.Key.Endpoint);
        var moved =
            session
                .Prepare(
                    """
                    UPDATE deliveries
                    SET status = ?1, due_ms = ?2, updated_ms = ?3,
                        last_reason = COALESCE(?4, last_reason),
                        generation = generation + 1, generation_attempts = 0
                    WHERE event_id = ?5 AND endpoint = ?6
                        AND (?7 IS NULL OR status = ?7) AND (?8 IS NULL OR generation = ?8)
                    """
                )
                .Bind((long)(asked.Park ? DeliveryStatus.Parked : DeliveryStatus.Pending))
                .Bind(asked.Park ? null : asked.Now.ToMs())
                .Bind(asked.Now.ToMs())
                .Bind(asked.Park ? (long)ReasonCode.EndpointDisabled : null)
                .Bind(asked.Key.EventId.Value)
                .Bind(endpoint)
                .Bind((long?)asked.OnlyFrom)
                .Bind((long?)asked.Generation)
                .Run() == 1;
        return moved
            ? DueRows.Find(
                session.Database,
                asked.Key,
                session.TenantRef(asked.Key.TenantId),
                endpoint,
                asked.Now,
                asked.PayloadInlineBytesMax,
                session.CommitNumber
            )
            : null;
    }
}
