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
                SELECT d.generation, d.generation_attempts, d.source, d.backlog, e.type, e.trace_parent,
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
            Source = (EventSource)rows.Int32(2),
            Backlog = rows.Int32(3) != 0,
            EventType = rows.TextOrNull(4),
            TraceParent = rows.TextOrNull(5),
            Payload = rows.Memory(6),
            CommitNumber = commitNumber,
        };
    }

    /// <summary>Whether a delivery is open and at a stage.</summary>
    public static bool IsDue(Database database, (DeliveryKey Key, DeliveryFence Fence) asked)
    {
        if (DueReader.FindRefs(database, asked.Key.Endpoint) is not var (_, endpoint))
        {
            return false;
        }

        using var rows = database
            .Prepare(
                """
                SELECT 1 FROM deliveries
                WHERE event_id = ?1 AND endpoint = ?2 AND due_ms IS NOT NULL
                    AND generation = ?3 AND generation_attempts = ?4
                """
            )
            .Bind(asked.Key.EventId.Value)
            .Bind(endpoint)
            .Bind(asked.Fence.Generation)
            .Bind(asked.Fence.GenerationAttempts)
            .Query();
        return rows.Step();
    }
}
