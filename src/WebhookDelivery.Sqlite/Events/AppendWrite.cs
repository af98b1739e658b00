using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Stores an event with its deliveries and its key, in the writer's transaction.</summary>
internal static class AppendWrite
{
    public static AppendResult Apply(WriteSession session, EventAppend append)
    {
        var tenant = session.TenantRef(append.Event.TenantId);
        if (append.Idempotency is { } claim)
        {
            var answer = FindAnswer(session, tenant, claim, append.Event);
            if (answer is not null)
            {
                return answer;
            }

            InsertKey(session, tenant, claim, append);
        }

        if (!InsertEvent(session, tenant, append.Event))
        {
            // The caller's own repetition: which commit stored it is not known.
            return new AppendResult.Appended(append.Event.Id, append.Endpoints);
        }

        InsertDeliveries(session, tenant, append);
        return new AppendResult.Appended(append.Event.Id, append.Endpoints, session.CommitNumber);
    }

    private static AppendResult? FindAnswer(
        WriteSession session,
        long tenant,
        IdempotencyClaim claim,
        Event @event
    )
    {
        using var rows = session
            .Prepare(
                """
                SELECT event_id, body_hash, endpoints FROM idempotency_keys
                WHERE tenant = ?1 AND key = ?2 AND expires_ms > ?3
                """
            )
            .Bind(tenant)
            .Bind(claim.Key)
            .Bind(@event.CreatedAt.ToMs())
            .Query();
        if (!rows.Step())
        {
            return null;
        }

        if (!rows.Blob(1).SequenceEqual(claim.BodyHash.Span))
        {
            return new AppendResult.KeyReused();
        }

        var first = EventId.FromBytes(rows.Blob(0));
        var endpoints = ReadEndpoints(rows.Blob(2));
        // The caller's own repetition, after an answer that was lost: its deliveries may not have
        // been enqueued.
        return first == @event.Id
            ? new AppendResult.Appended(first, endpoints)
            : new AppendResult.Replayed(first, endpoints);
    }

    private static void InsertKey(
        WriteSession session,
        long tenant,
        IdempotencyClaim claim,
        EventAppend append
    ) =>
        session
            .Prepare(
                """
                INSERT OR REPLACE INTO idempotency_keys
                    (tenant, key, expires_ms, event_id, body_hash, endpoints)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """
            )
            .Bind(tenant)
            .Bind(claim.Key)
            .Bind(claim.ExpiresAt.ToMs())
            .Bind(append.Event.Id.Value)
            .Bind(claim.BodyHash.Span)
            .Bind(WriteEndpoints(append.Endpoints))
            .Run();

    private static bool InsertEvent(WriteSession session, long tenant, Event @event) =>
        session
            .Prepare(
                """
                INSERT OR IGNORE INTO events
                    (tenant, event_id, created_ms, routing_revision, source, type, deliver_at_ms,
                     ordering_key, sequence, trace_parent, payload)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                """
            )
            .Bind(tenant)
            .Bind(@event.Id.Value)
            .Bind(@event.CreatedAt.ToMs())
            .Bind(@event.RoutingRevision)
            .Bind((long)@event.Source)
            .Bind(@event.Type)
            .Bind(@event.DeliverAt.ToMs())
            .Bind(@event.OrderingKey)
            .Bind(@event.Sequence)
            .Bind(@event.TraceParent)
            .Bind(@event.Payload.Span)
            .Run() == 1;

    private static void InsertDeliveries(WriteSession session, long tenant, EventAppend append)
    {
        var @event = append.Event;
        foreach (var endpoint in append.Endpoints)
        {
            var endpointRef = session.EndpointRef(new EndpointKey(@event.TenantId, endpoint));
            session
                .Prepare(
                    """
                    INSERT OR IGNORE INTO deliveries
                        (event_id, endpoint, tenant, status, generation, generation_attempts,
                         attempts, due_ms, updated_ms)
                    VALUES (?1, ?2, ?3, 0, 1, 0, 0, ?4, ?5)
                    """
                )
                .Bind(@event.Id.Value)
                .Bind(endpointRef)
                .Bind(tenant)
                .Bind((@event.DeliverAt ?? @event.CreatedAt).ToMs())
                .Bind(@event.CreatedAt.ToMs())
                .Run();
        }
    }

    private static byte[] WriteEndpoints(IReadOnlyList<EndpointId> endpoints)
    {
        var bytes = new byte[endpoints.Count * 16];
        for (var i = 0; i < endpoints.Count; i++)
        {
            endpoints[i].WriteBytes(bytes.AsSpan(i * 16));
        }

        return bytes;
    }

    private static EndpointId[] ReadEndpoints(ReadOnlySpan<byte> bytes)
    {
        var endpoints = new EndpointId[bytes.Length / 16];
        for (var i = 0; i < endpoints.Length; i++)
        {
            endpoints[i] = EndpointId.FromBytes(bytes.Slice(i * 16, 16));
        }

        return endpoints;
    }
}
