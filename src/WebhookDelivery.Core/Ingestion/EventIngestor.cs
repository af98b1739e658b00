using System.Security.Cryptography;
using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Accepts events: routes, stores, then enqueues. What it returns as accepted is durable and will be
/// delivered or dead-lettered. Thread-safe; the hot path of POST /events.
/// </summary>
public sealed class EventIngestor(
    TenantDirectory directory,
    IEventStore store,
    IDeliveryQueue queue,
    DeliveryStatistics statistics,
    IIdSource ids,
    TimeProvider time
)
{
    /// <summary>How long an idempotency key stands for its first request.</summary>
    public static readonly TimeSpan IdempotencyKeyLifetime = TimeSpan.FromHours(24);

    /// <summary>Accepts one event.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It could not be stored, or not be known to be; posting it again under the same key is safe.
    /// </exception>
    public async ValueTask<IngestOutcome> IngestAsync(
        IngestRequest request,
        CancellationToken cancellationToken
    )
    {
        var view = await directory.FindAsync(request.TenantId, cancellationToken);
        if (view is null)
        {
            return new IngestOutcome.NoTenant();
        }

        if (request.OnlyTo is { } only && !view.TryFind(only, out _))
        {
            return new IngestOutcome.NoEndpoint();
        }

        var now = time.GetUtcNow();
        var append = new EventAppend(
            new Event
            {
                TenantId = request.TenantId,
                Id = new EventId(ids.NewId(now)),
                Type = request.Type,
                CreatedAt = now,
                Payload = request.Payload,
                RoutingRevision = view.RoutingRevision,
                Source = request.Source,
                TraceParent = request.TraceParent,
            },
            request.OnlyTo is { } endpoint
                ? [endpoint]
                : view.Route(request.Source, request.Type, request.Payload.Span),
            Claim(request, now)
        );

        // From here on a caller that hangs up must not leave the work half done.
        var result = await store.AppendAsync(append, CancellationToken.None);
        return result switch
        {
            AppendResult.Appended appended => await EnqueueAsync(append, appended),
            AppendResult.Replayed replayed => new IngestOutcome.Replayed(
                replayed.EventId,
                replayed.Endpoints
            ),
            _ => new IngestOutcome.KeyReused(),
        };
    }

    private async ValueTask<IngestOutcome> EnqueueAsync(
        EventAppend append,
        AppendResult.Appended appended
    )
    {
        var posted = append.Event;
        Count(posted, appended.Endpoints);
        if (appended.Endpoints.Count > 0)
        {
            var due = new DueDelivery[appended.Endpoints.Count];
            for (var i = 0; i < due.Length; i++)
            {
                due[i] = new DueDelivery
                {
                    Key = new DeliveryKey(posted.TenantId, appended.EventId, appended.Endpoints[i]),
                    Generation = 1,
                    Attempt = 1,
                    DueAt = posted.DeliverAt ?? posted.CreatedAt,
                    EventType = posted.Type,
                    Payload = posted.Payload,
                    TraceParent = posted.TraceParent,
                    CommitNumber = appended.CommitNumber,
                };
            }

            await queue.EnqueueAsync(due, CancellationToken.None);
        }

        if (append.Idempotency is { } claim)
        {
            await store.SettleAsync(
                posted.TenantId,
                claim,
                appended.EventId,
                CancellationToken.None
            );
        }

        return new IngestOutcome.Accepted(appended.EventId, appended.Endpoints);
    }

    private void Count(Event posted, IReadOnlyList<EndpointId> endpoints)
    {
        if (posted.Source == EventSource.Live)
        {
            statistics.Accepted(posted.TenantId, posted.CreatedAt);
        }

        for (var i = 0; i < endpoints.Count; i++)
        {
            statistics.Created(new EndpointKey(posted.TenantId, endpoints[i]), posted.CreatedAt);
        }
    }

    /// <summary>The type counts as part of the body: it may come in a header.</summary>
    private static IdempotencyClaim? Claim(IngestRequest request, DateTimeOffset now)
    {
        if (request.IdempotencyKey is not { } key)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes((request.Type ?? "") + "\n"));
        hash.AppendData(request.Payload.Span);
        return new IdempotencyClaim(key, hash.GetHashAndReset(), now + IdempotencyKeyLifetime);
    }
}
