using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads single events.</summary>
internal static class EventReads
{
    private const string FindSql = $"""
        SELECT {EventRows.EventColumns}, e.payload FROM events e
        WHERE e.tenant = ?1 AND e.event_id = ?2
        """;

    public static StoredEvent? Find(Database database, (TenantId Tenant, EventId EventId) asked)
    {
        if (EventRows.TenantRef(database, asked.Tenant) is not { } tenant)
        {
            return null;
        }

        using var rows = database.Prepare(FindSql).Bind(tenant).Bind(asked.EventId.Value).Query();
        return rows.Step()
            ? new StoredEvent(
                EventRows.Event(rows, asked.Tenant, withPayload: true),
                EventRows.Deliveries(database, asked.Tenant, tenant, asked.EventId)
            )
            : null;
    }

    public static ReadOnlyMemory<byte>? FindPayload(
        Database database,
        (TenantId Tenant, EventId EventId) asked
    )
    {
        using var rows = database
            .Prepare(
                """
                SELECT payload FROM events
                WHERE tenant = (SELECT ref FROM tenant_refs WHERE tenant = ?1) AND event_id = ?2
                """
            )
            .Bind(asked.Tenant.Value)
            .Bind(asked.EventId.Value)
            .Query();
        return rows.Step() ? rows.Memory(0) : default(ReadOnlyMemory<byte>?);
    }

    public static IReadOnlyList<Attempt> ListAttempts(
        Database database,
        (TenantId Tenant, EventId EventId) asked
    )
    {
        var found = new List<Attempt>();
        using var rows = database
            .Prepare(
                """
                WITH own_endpoints AS (
                    SELECT ref, endpoint FROM endpoint_refs
                    WHERE tenant = (SELECT ref FROM tenant_refs WHERE tenant = ?1))
                SELECT k.endpoint, a.generation, a.number, a.started_ms, a.endpoint_version,
                    a.reason, a.status_code, a.retry_after_ms, a.duration_us, a.excerpt, a.headers,
                    a.recorded
                FROM attempts a JOIN own_endpoints k ON k.ref = a.endpoint
                WHERE a.event_id = ?2
                UNION ALL
                SELECT k.endpoint, d.last_generation, d.last_number, d.last_attempt_ms,
                    d.last_endpoint_version, d.last_outcome, d.last_status_code,
                    d.last_retry_after_ms, d.last_duration_us, d.last_excerpt, d.last_headers,
                    d.last_recorded
                FROM deliveries d JOIN own_endpoints k ON k.ref = d.endpoint
                WHERE d.event_id = ?2 AND d.last_recorded IS NOT NULL
                ORDER BY started_ms, recorded
                """
            )
            .Bind(asked.Tenant.Value)
            .Bind(asked.EventId.Value)
            .Query();
        while (rows.Step())
        {
            found.Add(ReadAttempt(rows, asked.Tenant, asked.EventId));
        }

        return found;
    }

    private static Attempt ReadAttempt(in Statement.Rows rows, TenantId tenant, EventId eventId) =>
        new()
        {
            Key = new DeliveryKey(tenant, eventId, EndpointId.FromBytes(rows.Blob(0))),
            Generation = rows.Int32(1),
            Number = rows.Int32(2),
            StartedAt = rows.Time(3),
            EndpointVersion = rows.Int32(4),
            Outcome = new AttemptOutcome
            {
                Reason = (ReasonCode)rows.Int32(5),
                StatusCode = rows.Int32OrNull(6),
                RetryAfter = rows.Int64OrNull(7) is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
                Duration = TimeSpan.FromTicks(rows.Int64(8) * TimeSpan.TicksPerMicrosecond),
                ResponseExcerpt = rows.Bytes(9),
                ResponseHeaders = ResponseHeaders.OfLines(rows.Bytes(10)),
            },
        };
}
