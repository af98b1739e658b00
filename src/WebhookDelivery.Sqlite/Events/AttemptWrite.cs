using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Records an attempt, and moves its delivery if it is still the attempt's to move. The attempt that
/// moved it last stands in the delivery's row, all others in rows of their own.
/// </summary>
internal static class AttemptWrite
{
    private const string Columns = """
        (event_id, started_ms, recorded, endpoint, generation, number, endpoint_version, reason,
            status_code, retry_after_ms, duration_us, excerpt, headers)
        """;

    private const string MoveSql = """
        UPDATE deliveries
        SET status = ?1, due_ms = ?2, updated_ms = ?3, attempts = attempts + 1,
            generation_attempts = generation_attempts + 1, last_reason = ?4,
            last_outcome = ?4, last_attempt_ms = ?5, last_status_code = ?6, last_recorded = ?7,
            last_generation = ?8, last_number = ?9, last_endpoint_version = ?10,
            last_retry_after_ms = ?11, last_duration_us = ?12, last_excerpt = ?13, last_headers = ?14
        WHERE event_id = ?15 AND endpoint = ?16 AND due_ms IS NOT NULL
            AND generation = ?8 AND generation_attempts = ?9 - 1
        """;

    private const string MakeRoomSql = $"""
        INSERT INTO attempts {Columns}
        SELECT event_id, last_attempt_ms, last_recorded, endpoint, last_generation, last_number,
            last_endpoint_version, last_outcome, last_status_code, last_retry_after_ms,
            last_duration_us, last_excerpt, last_headers
        FROM deliveries
        WHERE event_id = ?1 AND endpoint = ?2 AND due_ms IS NOT NULL
            AND generation = ?3 AND generation_attempts = ?4 AND last_recorded IS NOT NULL
        """;

    private const string InsertSql =
        $"INSERT INTO attempts {Columns} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

    public static bool Apply(
        WriteSession session,
        (Attempt Attempt, DeliveryTransition Transition) asked
    )
    {
        var attempt = asked.Attempt;
        var endpoint = session.EndpointRef(attempt.Key.Endpoint);
        if (attempt is not { Generation: 1, Number: 1 })
        {
            MakeRoom(session, endpoint, attempt);
        }

        var moved = Move(session, endpoint, attempt, asked.Transition);
        // An erased event has no delivery, and nothing would ever delete an attempt of it.
        if (!moved && DeliveryExists(session, attempt.Key.EventId, endpoint))
        {
            Insert(session, endpoint, attempt);
        }

        return moved;
    }

    /// <summary>Moves the last attempt out of the row, if this one will take its place.</summary>
    private static void MakeRoom(WriteSession session, long endpoint, Attempt attempt) =>
        session
            .Prepare(MakeRoomSql)
            .Bind(attempt.Key.EventId.Value)
            .Bind(endpoint)
            .Bind(attempt.Generation)
            .Bind(attempt.Number - 1)
            .Run();

    private static bool Move(
        WriteSession session,
        long endpoint,
        Attempt attempt,
        DeliveryTransition transition
    )
    {
        var outcome = attempt.Outcome;
        var statement = session
            .Prepare(MoveSql)
            .Bind((long)transition.Status)
            .Bind(transition.NextAttemptAt.ToMs())
            .Bind((attempt.StartedAt + outcome.Duration).ToMs())
            .Bind((long)outcome.Reason)
            .Bind(attempt.StartedAt.ToMs())
            .Bind(outcome.StatusCode)
            .Bind(session.NextRecorded())
            .Bind(attempt.Generation)
            .Bind(attempt.Number)
            .Bind(attempt.EndpointVersion);
        return BindRest(statement, outcome).Bind(attempt.Key.EventId.Value).Bind(endpoint).Run()
            == 1;
    }

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
        var statement = session
            .Prepare(InsertSql)
            .Bind(attempt.Key.EventId.Value)
            .Bind(attempt.StartedAt.ToMs())
            .Bind(session.NextRecorded())
            .Bind(endpoint)
            .Bind(attempt.Generation)
            .Bind(attempt.Number)
            .Bind(attempt.EndpointVersion)
            .Bind((long)attempt.Outcome.Reason)
            .Bind(attempt.Outcome.StatusCode);
        BindRest(statement, attempt.Outcome).Run();
    }

    private static Statement BindRest(Statement statement, AttemptOutcome outcome)
    {
        statement
            .Bind((long?)outcome.RetryAfter?.TotalMilliseconds)
            .Bind(outcome.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
        BindUnlessEmpty(statement, outcome.ResponseExcerpt.Span);
        return BindUnlessEmpty(statement, outcome.ResponseHeaders.Lines.Span);
    }

    private static Statement BindUnlessEmpty(Statement statement, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? statement.BindNull() : statement.Bind(bytes);
}
