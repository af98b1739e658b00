using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Deletes what has expired, remembering between calls how far it came. Looking is done by readers,
/// so that only deleting takes the writer's time, and that in small pieces.
/// </summary>
internal sealed class RetentionPass(ReaderPool readers, Writer writer) : IDisposable
{
    /// <summary>Most events that one operation of the writer deletes: some 2 ms at 30 µs each.</summary>
    private const int PieceMax = 64;

    // An event that was open when the pass came by is met again by the next pass. One an hour keeps
    // what is kept for days from being looked at over and over.
    private static readonly TimeSpan PassInterval = TimeSpan.FromHours(1);

    /// <summary>What an hour is kept for counts from its end.</summary>
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _one = new(1);
    private long _eventsAfter;
    private Expiry.DeadCursor _deadAfter;
    private DateTimeOffset _passBeganAt = DateTimeOffset.MinValue;

    public void Dispose() => _one.Dispose();

    public async ValueTask<int> StepAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if ((now - _passBeganAt).Duration() >= PassInterval)
            {
                _passBeganAt = now;
                _eventsAfter = 0;
                _deadAfter = default;
            }

            var scan = new Expiry.Scan(
                (now - retention.Events).ToMs(),
                (now - retention.DeadLetters).ToMs(),
                limit
            );
            var deleted = await DeleteEventsAsync(scan, cancellationToken);
            if (deleted < limit)
            {
                scan = scan with { Limit = limit - deleted };
                deleted += await DeleteDeadLettersAsync(scan, cancellationToken);
            }

            deleted += await writer.ChangeAsync(
                (now.ToMs(), limit),
                EventDeletion.Apply,
                cancellationToken
            );
            deleted += await DeleteVersionsAsync(
                Math.Min(scan.EventsBeforeMs, scan.DeadLettersBeforeMs),
                limit,
                cancellationToken
            );
            return deleted
                + await writer.ChangeAsync(
                    ((now - retention.Statistics - s_hour).ToMs(), limit),
                    StatisticsWrites.Expire,
                    cancellationToken
                );
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Versions of endpoints decide where events go and explain it: they are kept for as long. The writer
    /// has nothing to do for them but where one is due.
    /// </summary>
    private async ValueTask<int> DeleteVersionsAsync(
        long beforeMs,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var old = await readers.ReadAsync(beforeMs, VersionReads.AnyOld, cancellationToken);
        return old
            ? await writer.ChangeAsync(
                (beforeMs, Math.Min(limit, PieceMax)),
                VersionWrites.DeleteOld,
                cancellationToken
            )
            : 0;
    }

    private async ValueTask<int> DeleteEventsAsync(
        Expiry.Scan scan,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var found = await readers.ReadAsync(
                (scan, _eventsAfter),
                Expiry.Events,
                cancellationToken
            );
            var deleted = await DeleteAsync(found.Sequences, scan, cancellationToken);
            _eventsAfter = found.Next ?? (found.Sequences is [.., var last] ? last : _eventsAfter);
            if (deleted > 0 || found.Next is null)
            {
                return deleted;
            }
        }
    }

    private async ValueTask<int> DeleteDeadLettersAsync(
        Expiry.Scan scan,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var found = await readers.ReadAsync(
                (scan, _deadAfter),
                Expiry.DeadLetters,
                cancellationToken
            );
            var deleted = await DeleteAsync(found.Sequences, scan, cancellationToken);
            _deadAfter = found.Next ?? _deadAfter;
            if (deleted > 0 || found.Next is null)
            {
                return deleted;
            }
        }
    }

    private async ValueTask<int> DeleteAsync(
        IReadOnlyList<long> sequences,
        Expiry.Scan scan,
        CancellationToken cancellationToken
    )
    {
        var deleted = 0;
        foreach (var piece in sequences.Chunk(PieceMax))
        {
            deleted += await writer.ChangeAsync(
                new EventDeletion.Expire(piece, scan.EventsBeforeMs, scan.DeadLettersBeforeMs),
                EventDeletion.Apply,
                cancellationToken
            );
        }

        return deleted;
    }
}
