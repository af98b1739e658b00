using System.Runtime.InteropServices;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Stores events with their deliveries and keys, in the writer's transaction.</summary>
internal static class AppendWrite
{
    private static readonly RowsInsert<EventRow> Events = new(
        """
        events (tenant, event_id, created_ms, routing_revision, source, type, deliver_at_ms,
            ordering_key, sequence, trace_parent, payload)
        """,
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        static (statement, row) =>
            statement
                .Bind(row.Tenant)
                .Bind(row.Event.Id.Value)
                .Bind(row.Event.CreatedAt.ToMs())
                .Bind(row.Event.RoutingRevision)
                .Bind((long)row.Event.Source)
                .Bind(row.Event.Type)
                .Bind(row.Event.DeliverAt.ToMs())
                .Bind(row.Event.OrderingKey)
                .Bind(row.Event.Sequence)
                .Bind(row.Event.TraceParent)
                .Bind(row.Event.Payload.Span)
    );

    private static readonly RowsInsert<DeliveryRow> Deliveries = new(
        """
        deliveries (event_id, endpoint, tenant, status, generation, generation_attempts, attempts,
            due_ms, updated_ms)
        """,
        "(?, ?, ?, 0, 1, 0, 0, ?, ?)",
        static (statement, row) =>
            statement
                .Bind(row.Event.Id.Value)
                .Bind(row.Endpoint)
                .Bind(row.Tenant)
                .Bind((row.Event.DeliverAt ?? row.Event.CreatedAt).ToMs())
                .Bind(row.Event.CreatedAt.ToMs())
    );

    /// <summary>Stores what is new of the appends, and sets the result of each.</summary>
    /// <exception cref="RepeatedAppendException">
    /// Several were given, and not all are new: which can only be found out one by one.
    /// </exception>
    public static void Apply(WriteSession session, ReadOnlySpan<AppendOperation> appends)
    {
        var events = new List<EventRow>(appends.Length);
        var deliveries = new List<DeliveryRow>(appends.Length);
        foreach (var operation in appends)
        {
            var @event = operation.Append.Event;
            var tenant = session.TenantRef(@event.TenantId);
            operation.Result = Claim(session, tenant, operation.Append);
            if (operation.Result is null)
            {
                events.Add(new EventRow(@event, tenant));
                foreach (var endpoint in operation.Append.Endpoints)
                {
                    var key = new EndpointKey(@event.TenantId, endpoint);
                    deliveries.Add(new DeliveryRow(@event, tenant, session.EndpointRef(key)));
                }
            }
        }

        var isNew = Insert(session.Database, events, deliveries);
        foreach (var operation in appends)
        {
            // Of the caller's own repetition it is not known which commit stored it.
            operation.Result ??= new AppendResult.Appended(
                operation.Append.Event.Id,
                operation.Append.Endpoints,
                isNew ? session.CommitNumber : 0
            );
        }
    }

    /// <summary>The answer that the idempotency key stands for; null if there is none, and it is taken.</summary>
    private static AppendResult? Claim(WriteSession session, long tenant, EventAppend append)
    {
        if (append.Idempotency is not { } claim)
        {
            return null;
        }

        var answer = FindAnswer(session, tenant, claim, append.Event);
        if (answer is null)
        {
            InsertKey(session, tenant, claim, append);
        }

        return answer;
    }

    /// <summary>False for a single event that is there already.</summary>
    private static bool Insert(
        Database database,
        List<EventRow> events,
        List<DeliveryRow> deliveries
    )
    {
        if (Events.Run(database, CollectionsMarshal.AsSpan(events)) == events.Count)
        {
            Deliveries.Run(database, CollectionsMarshal.AsSpan(deliveries));
            return true;
        }

        return events.Count == 1 ? false : throw new RepeatedAppendException();
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

    private readonly record struct EventRow(Event Event, long Tenant);

    private readonly record struct DeliveryRow(Event Event, long Tenant, long Endpoint);
}
