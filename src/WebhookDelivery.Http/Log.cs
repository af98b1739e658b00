using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>What the sender logs: of a URL the host only, of a receiver nothing it sent.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Warning,
        Message = "Breaker of {TenantId} {EndpointId} opened for {BreakSeconds} s."
    )]
    public static partial void BreakerOpened(
        ILogger logger,
        TenantId tenantId,
        EndpointId endpointId,
        double breakSeconds
    );

    [LoggerMessage(
        EventId = 4002,
        Level = LogLevel.Information,
        Message = "Breaker of {TenantId} {EndpointId} closed."
    )]
    public static partial void BreakerClosed(
        ILogger logger,
        TenantId tenantId,
        EndpointId endpointId
    );

    [LoggerMessage(
        EventId = 4003,
        Level = LogLevel.Warning,
        Message = "Refused to send for {TenantId} {EndpointId}: {Host} is not an allowed target."
    )]
    public static partial void AddressBlocked(
        ILogger logger,
        TenantId tenantId,
        EndpointId endpointId,
        string host
    );

    [LoggerMessage(
        EventId = 4004,
        Level = LogLevel.Error,
        Message = "Unexpected {ExceptionType} while sending to {Host}; counted as a bad response."
    )]
    public static partial void UnexpectedFailure(ILogger logger, string exceptionType, string host);
}
