using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Records an attempt, and moves its delivery if it is still the attempt's to move.</summary>
internal static class AttemptWrite
{
    public static bool Apply(
        WriteSession session,
        (Attempt Attempt, DeliveryTransition Transition) asked
    )
    {
        var attempt = asked.Attempt;
        var endpoint = session.EndpointRef(attempt.Key.Endpoint);
        var moved = Move(session, endpoint, attempt, asked.Transition);
        // An erased event has no delivery, and nothing would ever delete an attempt of it.
        if (moved || DeliveryExists(session, attempt.Key.EventId, endpoint))
        {
            Insert(session, endpoint, attempt);
        }

        return moved;
    }

    private static bool Move(
        WriteSession session,
        long endpoint,
        Attempt attempt,
        DeliveryTransition transition
    ) =>
        session
            .Prepare(
                """
                UPDATE deliveries
                SET status = ?1, due_ms = ?2, updated_ms = ?3, last_attempt_ms = ?4,
                    last_status_code = ?5, last_reason = ?6, attempts = attempts + 1,
                    generation_attempts = generation_attempts + 1
                WHERE event_id = ?7 AND endpoint = ?8 AND due_ms IS NOT NULL
                    AND generation = ?9 AND generation_attempts = ?10
                """
            )
            .Bind((long)transition.Status)
            .Bind(transition.NextAttemptAt.ToMs())
            .Bind((attempt.StartedAt + attempt.Outcome.Duration).ToMs())
            .Bind(attempt.StartedAt.ToMs())
            .Bind(attempt.Outcome.StatusCode)
            .Bind((long)attempt.Outcome.Reason)
            .Bind(attempt.Key.EventId.Value)
            .Bind(endpoint)
            .Bind(attempt.Generation)
            .Bind(attempt.Number - 1)
            .Run() == 1;

    private static bool DeliveryExists(WriteSession session, EventId eventId, long endpoint)
    {
        using var rows = session
            .Prepare("SELECT 1 FROM deliveries WHERE event_id = ?1 AND endpoint = ?2")
            .Bind(eventId.Value)
            .Bind(endpoint)
            .Query();
        return rows.Step();
    }

    private static void Insert(WriteSession session, long endpoint, Attempt attempt)
    {
        var outcome = attempt.Outcome;
        var statement = session
            .Prepare(
                """
                INSERT INTO attempts
                    (event_id, started_ms, recorded, endpoint, generation, number,
                     endpoint_version, reason, status_code, retry_after_ms, duration_us, excerpt)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                """
            )
            .Bind(attempt.Key.EventId.Value)
            .Bind(attempt.StartedAt.ToMs())
            .Bind(session.NextRecorded())
            .Bind(endpoint)
            .Bind(attempt.Generation)
            .Bind(attempt.Number)
            .Bind(attempt.EndpointVersion)
            .Bind((long)outcome.Reason)
            .Bind(outcome.StatusCode)
            .Bind((long?)outcome.RetryAfter?.TotalMilliseconds)
            .Bind(outcome.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
        var excerpt = outcome.ResponseExcerpt.Span;
        (excerpt.IsEmpty ? statement.BindNull() : statement.Bind(excerpt)).Run();
    }
}
