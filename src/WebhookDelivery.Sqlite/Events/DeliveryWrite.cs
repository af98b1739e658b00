using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Adds a delivery to an event that is stored already.</summary>
internal sealed record DeliveryWrite(
    DeliveryKey Key,
    EventSource Source,
    bool Park,
    DateTimeOffset DueAt,
    DateTimeOffset Now,
    int PayloadInlineBytesMax
)
{
    public static DueDelivery? Apply(WriteSession session, DeliveryWrite asked)
    {
        var tenant = session.TenantRef(asked.Key.TenantId);
        var endpoint = session.EndpointRef(asked.Key.Endpoint);
        var added =
            session
                .Prepare(
                    """
                    INSERT INTO deliveries (event_id, endpoint, tenant, status, generation,
                        generation_attempts, attempts, due_ms, updated_ms, last_reason, source, backlog)
                    SELECT event_id, ?3, tenant, ?4, 1, 0, 0, ?5, ?6, ?7, ?8, ?9 FROM events
                    WHERE tenant = ?1 AND event_id = ?2
                    ON CONFLICT DO NOTHING
                    """
                )
                .Bind(tenant)
                .Bind(asked.Key.EventId.Value)
                .Bind(endpoint)
                .Bind((long)(asked.Park ? DeliveryStatus.Parked : DeliveryStatus.Pending))
                .Bind(asked.Park ? null : asked.DueAt.ToMs())
                .Bind(asked.Now.ToMs())
                .Bind(asked.Park ? (long)ReasonCode.EndpointDisabled : null)
                .Bind((long)asked.Source)
                .Bind(asked.Source.IsBacklog() ? 1L : 0L)
                .Run() == 1;
        return added
            ? DueRows.Find(
                session.Database,
                asked.Key,
                tenant,
                endpoint,
                asked.DueAt,
                asked.PayloadInlineBytesMax,
                session.CommitNumber
            )
            : null;
    }
}
