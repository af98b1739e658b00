using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads deliveries in the form that a queue carries.</summary>
internal static class DueRows
{
    /// <summary>Reads one; null if it or its event is gone.</summary>
    public static DueDelivery? Find(
        Database database,
        DeliveryKey key,
        long tenant,
        long endpoint,
        DateTimeOffset dueAt,
        int payloadBytesMax,
        long commitNumber = 0
    )
    {
        using var rows = database
            .Prepare(
                """
                SELECT d.generation, d.generation_attempts, e.type, e.trace_parent,
                    CASE WHEN length(e.payload) <= ?4 THEN e.payload END
                FROM deliveries d JOIN events e ON e.tenant = ?3 AND e.event_id = d.event_id
                WHERE d.event_id = ?1 AND d.endpoint = ?2
                """
            )
            .Bind(key.EventId.Value)
            .Bind(endpoint)
            .Bind(tenant)
            .Bind(payloadBytesMax)
            .Query();
        if (!rows.Step())
        {
            return null;
        }

        return new DueDelivery
        {
            Key = key,
            Generation = rows.Int32(0),
            Attempt = rows.Int32(1) + 1,
            DueAt = Times.FromMs(dueAt.ToMs()),
            EventType = rows.TextOrNull(2),
            TraceParent = rows.TextOrNull(3),
            Payload = rows.Memory(4),
            CommitNumber = commitNumber,
        };
    }
}
