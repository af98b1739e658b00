using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Tells tenants what became of their endpoints and deliveries, by events of the platform's own that go
/// to their operational endpoints as any other event goes to any other endpoint. What concerns an
/// operational endpoint itself is never told, so that no event is about an event of this kind. A tenant
/// that has no operational endpoint is told nothing, and nothing is stored. Thread-safe.
/// </summary>
/// <remarks>
/// Each event has an idempotency key that no tenant can send: a header cannot hold its first character.
/// What two processes tell at once, or one a second time, is thereby told once. All but
/// <see cref="DisabledAsync"/> try once: what the store refuses then, or a crash cuts off, is not told.
/// The state that it would have told of stands, and can be read.
/// </remarks>
public sealed class OperationalEvents(
    TenantDirectory directory,
    EventIngestor ingestor,
    TimeProvider time,
    EndpointHealthOptions options,
    ILogger<OperationalEvents> logger
)
{
    /// <summary>What their idempotency keys begin with: start of heading, which no header can hold.</summary>
    internal const char KeyPrefix = '\u0001';

    /// <summary>Least time between two log entries about what was refused: a flood must not log one.</summary>
    private static readonly TimeSpan s_logEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _logging = new();
    private long _loggedAt;
    private int _untold;
    private bool _hasLogged;

    /// <summary>Tells that an endpoint is failing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="since">Since when.</param>
    /// <param name="last">The attempt that it became clear by.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask FailingAsync(
        Endpoint endpoint,
        DateTimeOffset since,
        Attempt last,
        CancellationToken cancellationToken
    ) =>
        TryTellAsync(
            endpoint,
            OperationalEventTypes.EndpointFailing,
            Stamp(since),
            now =>
                OperationalPayload.Failing(
                    endpoint,
                    now,
                    since,
                    options.DisableAfter > TimeSpan.Zero ? since + options.DisableAfter : null,
                    last.Outcome
                ),
            cancellationToken
        );

    /// <summary>Tells that a failing endpoint takes deliveries again.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="since">Since when it was failing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask RecoveredAsync(
        Endpoint endpoint,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) =>
        TryTellAsync(
            endpoint,
            OperationalEventTypes.EndpointRecovered,
            Stamp(since),
            now => OperationalPayload.Recovered(endpoint, now, since),
            cancellationToken
        );

    /// <summary>Tells that a delivery became a dead letter.</summary>
    public ValueTask DeadLetteredAsync(
        Endpoint endpoint,
        DeadLetterNews news,
        CancellationToken cancellationToken
    ) =>
        TryTellAsync(
            endpoint,
            OperationalEventTypes.DeliveryDeadLettered,
            $"{news.EventId}:{news.Generation}",
            now => OperationalPayload.DeadLettered(endpoint, now, news),
            cancellationToken
        );

    /// <summary>Tells that a delivery became a dead letter without a last attempt.</summary>
    public async ValueTask DeadLetteredAsync(
        DeliveryKey key,
        DeadLetterNews news,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (
                await directory.FindAsync(key.TenantId, cancellationToken)
                    is { HasOperational: true } view
                && view.TryFind(key.EndpointId, out var endpoint)
            )
            {
                await DeadLetteredAsync(endpoint.Endpoint, news, cancellationToken);
            }
        }
        catch (StoreUnavailableException exception)
        {
            LogUntold(exception.Message);
        }
    }

    /// <summary>
    /// Tells that the platform disabled an endpoint. True if that is told now, was told before, or
    /// nobody is there to be told; false if the store refused, and it must be told again.
    /// </summary>
    public async ValueTask<bool> DisabledAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var disabledAt = endpoint.DisabledAt ?? endpoint.UpdatedAt;
        try
        {
            await TellAsync(
                endpoint,
                OperationalEventTypes.EndpointDisabled,
                Stamp(disabledAt),
                _ => OperationalPayload.Disabled(endpoint, disabledAt),
                cancellationToken
            );
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Also one tenant's key that nobody can open: other tenants are still to be told.
            LogUntold(exception.Message);
            return false;
        }
    }

    private async ValueTask TryTellAsync(
        Endpoint endpoint,
        string type,
        string occasion,
        Func<DateTimeOffset, ReadOnlyMemory<byte>> payload,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await TellAsync(endpoint, type, occasion, payload, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // News is not worth a delivery: whoever calls this is about to complete its claim, and a
            // claim that is given back is attempted again.
            LogUntold(exception.Message);
        }
    }

    private async ValueTask TellAsync(
        Endpoint endpoint,
        string type,
        string occasion,
        Func<DateTimeOffset, ReadOnlyMemory<byte>> payload,
        CancellationToken cancellationToken
    )
    {
        var key = endpoint.Key;
        if (
            endpoint.Operational
            || await directory.FindAsync(key.TenantId, cancellationToken)
                is not { HasOperational: true } view
        )
        {
            return;
        }

        var bytes = payload(time.GetUtcNow());
        if (view.Route(EventSource.Operational, type, bytes.Span).Count == 0)
        {
            return;
        }

        // Told already, under the same key, it may have been at another moment or by another clock:
        // whichever way this ends, the tenant is told.
        await ingestor.IngestAsync(
            new IngestRequest
            {
                TenantId = key.TenantId,
                Payload = bytes,
                Type = type,
                IdempotencyKey = $"{KeyPrefix}{type}:{key.EndpointId}:{occasion}",
                Source = EventSource.Operational,
            },
            cancellationToken
        );
    }

    private static string Stamp(DateTimeOffset at) => $"{at.ToUnixTimeMilliseconds()}";

    private void LogUntold(string reason)
    {
        lock (_logging)
        {
            _untold++;
            if (_hasLogged && time.GetElapsedTime(_loggedAt) < s_logEvery)
            {
                return;
            }

            HealthLog.Untold(logger, _untold, reason);
            (_hasLogged, _loggedAt, _untold) = (true, time.GetTimestamp(), 0);
        }
    }
}
