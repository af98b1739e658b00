using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>What the worker says. Event ids 1000–1099. Hosts only, never a URL, secret or payload.</summary>
internal static partial class DeliveryLog
{
    /// <summary>The one wide line of an attempt: at debug where it delivered.</summary>
    public static void Attempted(
        ILogger logger,
        DueDelivery due,
        OpenedEndpoint endpoint,
        AttemptOutcome outcome,
        RetryDecision decision
    )
    {
        var level = outcome.Reason == ReasonCode.Delivered ? LogLevel.Debug : LogLevel.Information;
        if (logger.IsEnabled(level))
        {
            Attempted(
                logger,
                level,
                due.Key.TenantId.Value,
                due.Key.EventId.ToString(),
                due.Key.EndpointId.ToString(),
                endpoint.Url.Host,
                due.Generation,
                due.Attempt,
                outcome.Reason.ToCode(),
                outcome.StatusCode,
                outcome.Duration.TotalMilliseconds,
                decision.Transition.Status.ToCode(),
                decision.Transition.NextAttemptAt
            );
        }
    }

    [LoggerMessage(
        EventId = 1000,
        Message = "Attempt tenant={tenant} event={eventId} endpoint={endpointId} host={host} generation={generation} attempt={attempt} reason={reason} status_code={statusCode} duration_ms={durationMs:F1} delivery_status={deliveryStatus} next_attempt_at={nextAttemptAt:O}"
    )]
    private static partial void Attempted(
        ILogger logger,
        LogLevel level,
        string tenant,
        string eventId,
        string endpointId,
        string host,
        int generation,
        int attempt,
        string reason,
        int? statusCode,
        double durationMs,
        string deliveryStatus,
        DateTimeOffset? nextAttemptAt
    );

    [LoggerMessage(
        1007,
        LogLevel.Warning,
        "A delivery could not be read and is tried again in a minute: {reason}"
    )]
    public static partial void ReadRefused(ILogger logger, string reason);

    [LoggerMessage(1006, LogLevel.Information, "No delivery waits for the store any more")]
    public static partial void StoreWaitOver(ILogger logger);

    [LoggerMessage(
        1001,
        LogLevel.Warning,
        "The store is unavailable, deliveries are held: {reason}"
    )]
    public static partial void StoreUnavailable(ILogger logger, string reason);

    [LoggerMessage(
        1002,
        LogLevel.Error,
        "A delivery could not be processed; it will be found again"
    )]
    public static partial void RunFailed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "Receiving from the queue failed; trying again")]
    public static partial void ReceiveFailed(ILogger logger, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "Delivery is paused by configuration")]
    public static partial void Paused(ILogger logger);

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "{count} attempts were still under way when the drain time ended and will be made again"
    )]
    public static partial void DrainEnded(ILogger logger, int count);

    [LoggerMessage(1010, LogLevel.Error, "A sweep could not be finished; the next one goes on")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1011,
        LogLevel.Information,
        "Swept: overdue={overdue} resumed={resumed} recovered={recovered} cancelled={cancelled} expired={expired} erased={erased}"
    )]
    public static partial void Swept(
        ILogger logger,
        int overdue,
        int resumed,
        int recovered,
        int cancelled,
        int expired,
        int erased
    );

    [LoggerMessage(
        1012,
        LogLevel.Critical,
        "What became of an attempt cannot be recorded, as the store is damaged there; it is not made again until a restart"
    )]
    public static partial void NotRecorded(ILogger logger, Exception exception);
}
