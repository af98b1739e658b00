using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Moves an endpoint's backlog, a bounded piece at a time.</summary>
internal static class BacklogWrites
{
    /// <summary>
    /// Most deliveries that one call moves, whatever its limit: other writes wait meanwhile, some
    /// 10 ms at 10 µs each.
    /// </summary>
    private const int StepMax = 1000;

    public sealed record Resume(
        EndpointKey Endpoint,
        int Limit,
        DuePace Pace,
        int PayloadInlineBytesMax
    );

    public sealed record Cancel(
        EndpointKey Endpoint,
        int Limit,
        ReasonCode Reason,
        DateTimeOffset Now
    );

    public static IReadOnlyList<DueDelivery> Apply(WriteSession session, Resume asked)
    {
        var tenant = session.TenantRef(asked.Endpoint.TenantId);
        var endpoint = session.EndpointRef(asked.Endpoint);
        var resumed = new List<DueDelivery>();
        foreach (var eventId in Parked(session, endpoint, Math.Min(asked.Limit, StepMax)))
        {
            var dueAt = asked.Pace.At(resumed.Count);
            session
                .Prepare(
                    """
                    UPDATE deliveries SET status = 0, due_ms = ?1, updated_ms = ?2, backlog = 1
                    WHERE event_id = ?3 AND endpoint = ?4
                    """
                )
                .Bind(dueAt.ToMs())
                .Bind(asked.Pace.From.ToMs())
                .Bind(eventId.Value)
                .Bind(endpoint)
                .Run();
            var key = new DeliveryKey(asked.Endpoint.TenantId, eventId, asked.Endpoint.EndpointId);
            var due = DueRows.Find(
                session.Database,
                key,
                tenant,
                endpoint,
                dueAt,
                asked.PayloadInlineBytesMax,
                session.CommitNumber
            );
            if (due is not null)
            {
                resumed.Add(due);
            }
        }

        return resumed;
    }

    public static int Apply(WriteSession session, Cancel asked)
    {
        var endpoint = session.EndpointRef(asked.Endpoint);
        var limit = Math.Min(asked.Limit, StepMax);
        var cancelled = Open(session, endpoint, limit);
        if (cancelled.Count < limit)
        {
            cancelled.AddRange(Parked(session, endpoint, limit - cancelled.Count));
        }

        foreach (var eventId in cancelled)
        {
            session
                .Prepare(
                    """
                    UPDATE deliveries
                    SET status = 4, due_ms = NULL, updated_ms = ?1, last_reason = ?2
                    WHERE event_id = ?3 AND endpoint = ?4
                    """
                )
                .Bind(asked.Now.ToMs())
                .Bind((long)asked.Reason)
                .Bind(eventId.Value)
                .Bind(endpoint)
                .Run();
        }

        return cancelled.Count;
    }

    private static List<EventId> Parked(WriteSession session, long endpoint, int limit) =>
        Read(
            session.Prepare(
                """
                SELECT event_id FROM deliveries INDEXED BY deliveries_unhappy
                WHERE endpoint = ?1 AND status = 2 ORDER BY event_id LIMIT ?2
                """
            ),
            endpoint,
            limit
        );

    private static List<EventId> Open(WriteSession session, long endpoint, int limit) =>
        Read(
            session.Prepare(
                """
                SELECT event_id FROM deliveries INDEXED BY deliveries_due
                WHERE endpoint = ?1 AND due_ms IS NOT NULL LIMIT ?2
                """
            ),
            endpoint,
            limit
        );

    private static List<EventId> Read(Statement statement, long endpoint, int limit)
    {
        var found = new List<EventId>();
        using var rows = statement.Bind(endpoint).Bind(limit).Query();
        while (rows.Step())
        {
            found.Add(EventId.FromBytes(rows.Blob(0)));
        }

        return found;
    }
}
