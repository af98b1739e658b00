using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Finds what is old enough to go: events in the order of insertion, and apart from them dead
/// letters by age, since those go earlier.
/// </summary>
internal static class Expiry
{
    /// <summary>Most rows that one read looks at: some 10 ms.</summary>
    private const int ExaminedMax = 2000;

    public sealed record Scan(long EventsBeforeMs, long DeadLettersBeforeMs, int Limit);

    /// <summary>A piece of a pass: what it found, and where the next piece begins, if there is one.</summary>
    public sealed record Found<TCursor>(IReadOnlyList<long> Sequences, TCursor? Next)
        where TCursor : struct;

    public readonly record struct DeadCursor(long UpdatedMs, Guid EventId);

    /// <summary>
    /// Looks on from an event, until a whole piece is too young: what was inserted later was created
    /// later, unless a clock was wrong for a while.
    /// </summary>
    public static Found<long> Events(Database database, (Scan Scan, long After) asked)
    {
        var found = new List<long>();
        using var rows = database
            .Prepare("SELECT seq, created_ms FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")
            .Bind(asked.After)
            .Bind(ExaminedMax)
            .Query();
        var last = asked.After;
        var old = false;
        for (var examined = 1; rows.Step(); examined++)
        {
            last = rows.Int64(0);
            if (rows.Int64(1) <= asked.Scan.EventsBeforeMs)
            {
                old = true;
                if (
                    IsExpired(
                        database,
                        last,
                        asked.Scan.EventsBeforeMs,
                        asked.Scan.DeadLettersBeforeMs
                    )
                )
                {
                    found.Add(last);
                }
            }

            if (found.Count == asked.Scan.Limit || (examined == ExaminedMax && old))
            {
                return new Found<long>(found, last);
            }
        }

        return new Found<long>(found, null);
    }

    /// <summary>Looks on from a dead letter, by when it last changed.</summary>
    public static Found<DeadCursor> DeadLetters(
        Database database,
        (Scan Scan, DeadCursor After) asked
    )
    {
        var found = new List<long>();
        using var rows = database
            .Prepare(
                """
                SELECT e.seq, d.updated_ms, d.event_id
                FROM deliveries d INDEXED BY deliveries_dead_by_age
                CROSS JOIN events e ON e.tenant = d.tenant AND e.event_id = d.event_id
                WHERE d.status = 3 AND d.updated_ms <= ?1
                    AND (d.updated_ms, d.event_id) > (?2, ?3)
                ORDER BY d.updated_ms, d.event_id LIMIT ?4
                """
            )
            .Bind(asked.Scan.DeadLettersBeforeMs)
            .Bind(asked.After.UpdatedMs)
            .Bind(asked.After.EventId)
            .Bind(ExaminedMax)
            .Query();
        for (var examined = 0; rows.Step(); examined++)
        {
            var cursor = new DeadCursor(rows.Int64(1), rows.Id(2));
            var seq = rows.Int64(0);
            if (
                IsExpired(database, seq, asked.Scan.EventsBeforeMs, asked.Scan.DeadLettersBeforeMs)
                && (found.Count == 0 || found[^1] != seq)
            )
            {
                found.Add(seq);
            }

            if (found.Count == asked.Scan.Limit || examined == ExaminedMax - 1)
            {
                return new Found<DeadCursor>(found, cursor);
            }
        }

        return new Found<DeadCursor>(found, null);
    }

    /// <summary>
    /// Whether an event may go: no delivery is open, and each last changed by its own limit; without
    /// deliveries, the event itself was created by the events' limit. False for one that is gone.
    /// </summary>
    public static bool IsExpired(
        Database database,
        long seq,
        long eventsBeforeMs,
        long deadLettersBeforeMs
    )
    {
        using var rows = database
            .Prepare(
                """
                SELECT d.status, d.due_ms IS NOT NULL, COALESCE(d.updated_ms, e.created_ms)
                FROM events e LEFT JOIN deliveries d
                    ON d.event_id = e.event_id AND d.tenant = e.tenant
                WHERE e.seq = ?1
                """
            )
            .Bind(seq)
            .Query();
        var exists = false;
        while (rows.Step())
        {
            exists = true;
            var dead = !rows.IsNull(0) && rows.Int32(0) == (int)DeliveryStatus.DeadLetter;
            if (rows.Int32(1) != 0 || rows.Int64(2) > (dead ? deadLettersBeforeMs : eventsBeforeMs))
            {
                return false;
            }
        }

        return exists;
    }
}
