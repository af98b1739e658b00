using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Appends under a key: the key is `started`, the event written, its deliveries enqueued by the caller,
/// the key `done`. Whoever dies on the way is followed by another request, with the same event.
/// </summary>
internal sealed class KeyedAppends(
    IdempotencyKeys keys,
    EventAppends appends,
    TimeProvider time,
    AwsEngineOptions options,
    ILogger logger
)
{
    /// <summary>
    /// How long a request waits for another one under its key. In real time: what it waits for is
    /// another process.
    /// </summary>
    internal static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_pollEvery = TimeSpan.FromMilliseconds(50);

    /// <exception cref="StoreUnavailableException">Another request under the key is under way, for long.</exception>
    public async Task<AppendResult> AppendAsync(
        EventAppend append,
        IdempotencyClaim claim,
        CancellationToken cancellationToken
    )
    {
        var (tenant, key) = (append.Event.TenantId, claim.Key);
        var since = Stopwatch.GetTimestamp();
        KeyRecord? record = null;
        do
        {
            var now = time.GetUtcNow();
            if (
                record is null
                && await keys.TryStartAsync(
                    tenant,
                    key,
                    Start(append, claim, now),
                    now,
                    cancellationToken
                )
            )
            {
                return await FinishAsync(append.Event, append.Endpoints, cancellationToken);
            }

            record = await keys.FindAsync(tenant, key, now, cancellationToken);
            if (record is not null)
            {
                if (!record.BodyHash.Span.SequenceEqual(claim.BodyHash.Span))
                {
                    return new AppendResult.KeyReused();
                }

                if (record.IsDone)
                {
                    return new AppendResult.Replayed(record.EventId, record.Endpoints);
                }

                if (await MayFinishAsync(append, key, record, now, cancellationToken))
                {
                    return await FinishAsync(
                        TakenOver(append.Event, record),
                        record.Endpoints,
                        cancellationToken
                    );
                }
            }

            await Task.Delay(s_pollEvery, cancellationToken);
        } while (Stopwatch.GetElapsedTime(since) < WaitMax);

        throw new StoreUnavailableException(
            "Another request under the same idempotency key is under way."
        );
    }

    /// <summary>Whether the request is this caller's own, or nobody is at it any more.</summary>
    private async Task<bool> MayFinishAsync(
        EventAppend append,
        string key,
        KeyRecord record,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // The caller's own repetition, after an answer that was lost.
        if (record.EventId == append.Event.Id)
        {
            return true;
        }

        var taken =
            record.LeaseEndsAt <= now
            && await keys.TryTakeOverAsync(
                append.Event.TenantId,
                key,
                record,
                now + options.IdempotencyLease,
                cancellationToken
            );
        if (taken)
        {
            EventStoreLog.KeyTakenOver(
                logger,
                append.Event.TenantId.Value,
                record.EventId.ToString()
            );
        }

        return taken;
    }

    private async Task<AppendResult> FinishAsync(
        Event @event,
        IReadOnlyList<EndpointId> endpoints,
        CancellationToken cancellationToken
    )
    {
        await appends.AppendAsync(@event, endpoints, cancellationToken);
        return new AppendResult.Appended(@event.Id, endpoints);
    }

    private KeyRecord Start(EventAppend append, IdempotencyClaim claim, DateTimeOffset now) =>
        new(
            append.Event.Id,
            append.Endpoints,
            append.Event.RoutingRevision,
            claim.BodyHash,
            IsDone: false,
            now + options.IdempotencyLease,
            claim.ExpiresAt
        );

    /// <summary>The first request's event, of which this one has the same payload and type.</summary>
    private static Event TakenOver(Event @event, KeyRecord record) =>
        @event with
        {
            Id = record.EventId,
            CreatedAt = IdTimes.CreatedAt(record.EventId),
            RoutingRevision = record.RoutingRevision,
        };
}
