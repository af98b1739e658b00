using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Api;

/// <summary>What the API logs: event ids 6000–6099. Never keys, secrets or payloads.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(6000, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void Unhandled(
        ILogger logger,
        string method,
        string route,
        Exception exception
    );

    /// <summary>
    /// Debug only: under overload it would come thousands of times a second, and the adapter that
    /// raised it has said so in its own log.
    /// </summary>
    [LoggerMessage(6001, LogLevel.Debug, "{Method} {Route} answered 503: the store is unavailable")]
    public static partial void StoreUnavailable(
        ILogger logger,
        string method,
        string route,
        Exception exception
    );

    [LoggerMessage(6002, LogLevel.Error, "Readiness check {Check} threw")]
    public static partial void ReadinessCheckThrew(
        ILogger logger,
        string check,
        Exception exception
    );
}
