using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Turns rows into events, deliveries and attempts.</summary>
internal static class EventRows
{
    /// <summary>What <see cref="Event"/> reads, in its order; the payload is appended where wanted.</summary>
    public const string EventColumns =
        "e.event_id, e.created_ms, e.routing_revision, e.source, e.type, e.deliver_at_ms, e.ordering_key, e.sequence, e.trace_parent";

    /// <summary>The column that follows <see cref="EventColumns"/>.</summary>
    public const int NextColumn = 9;

    /// <summary>What <see cref="Delivery"/> reads, in its order.</summary>
    public const string DeliveryColumns =
        "k.endpoint, d.status, d.generation, d.generation_attempts, d.attempts, d.due_ms, d.updated_ms, d.last_attempt_ms, d.last_status_code, d.last_reason, d.source";

    /// <summary>The column that follows <see cref="DeliveryColumns"/>.</summary>
    public const int NextDeliveryColumn = 11;

    private const string DeliveriesSql = $"""
        SELECT {DeliveryColumns}
        FROM deliveries d JOIN endpoint_refs k ON k.ref = d.endpoint
        WHERE d.event_id = ?1 AND d.tenant = ?2
        """;

    public static Event Event(in Statement.Rows rows, TenantId tenant, bool withPayload) =>
        new()
        {
            TenantId = tenant,
            Id = EventId.FromBytes(rows.Blob(0)),
            CreatedAt = rows.Time(1),
            RoutingRevision = rows.Int64(2),
            Source = (EventSource)rows.Int32(3),
            Type = rows.TextOrNull(4),
            DeliverAt = rows.TimeOrNull(5),
            OrderingKey = rows.TextOrNull(6),
            Sequence = rows.Int64OrNull(7),
            TraceParent = rows.TextOrNull(8),
            Payload = withPayload ? rows.Bytes(NextColumn) : ReadOnlyMemory<byte>.Empty,
        };

    public static Delivery Delivery(in Statement.Rows rows, TenantId tenant, EventId eventId) =>
        new()
        {
            Key = new DeliveryKey(tenant, eventId, EndpointId.FromBytes(rows.Blob(0))),
            Status = (DeliveryStatus)rows.Int32(1),
            Generation = rows.Int32(2),
            GenerationAttempts = rows.Int32(3),
            Attempts = rows.Int32(4),
            NextAttemptAt = rows.TimeOrNull(5),
            UpdatedAt = rows.Time(6),
            LastAttemptAt = rows.TimeOrNull(7),
            LastStatusCode = rows.Int32OrNull(8),
            LastReason = (ReasonCode?)rows.Int32OrNull(9),
            Source = (EventSource)rows.Int32(10),
        };

    /// <summary>Reads an event's deliveries, by endpoint id.</summary>
    public static List<Delivery> Deliveries(
        Database database,
        TenantId tenant,
        long tenantRef,
        EventId eventId
    )
    {
        var found = new List<Delivery>();
        using var rows = database
            .Prepare(DeliveriesSql)
            .Bind(eventId.Value)
            .Bind(tenantRef)
            .Query();
        while (rows.Step())
        {
            found.Add(Delivery(rows, tenant, eventId));
        }

        found.Sort((one, other) => one.Key.EndpointId.CompareTo(other.Key.EndpointId));
        return found;
    }

    /// <summary>The tenant's small integer; null for one that never had an event.</summary>
    public static long? TenantRef(Database database, TenantId tenant)
    {
        using var rows = database
            .Prepare("SELECT ref FROM tenant_refs WHERE tenant = ?1")
            .Bind(tenant.Value)
            .Query();
        return rows.Step() ? rows.Int64(0) : null;
    }
}
