using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>What the queue of due deliveries tells the operator. Event ids 4100–4119.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(
        4100,
        LogLevel.Warning,
        "SQS did not take {Count} messages, the last with {Code}"
    )]
    public static partial void SendRefused(ILogger logger, int count, string code);

    [LoggerMessage(
        4101,
        LogLevel.Warning,
        "{Count} messages were not deleted and will come again, to be recognised: {Reason}"
    )]
    public static partial void DeleteRefused(ILogger logger, int count, string reason);

    [LoggerMessage(
        4102,
        LogLevel.Warning,
        "A message cannot be read and is left for the dead-letter queue, receipt {ReceiveCount}: {Fault}"
    )]
    public static partial void Malformed(ILogger logger, int receiveCount, string fault);

    [LoggerMessage(4103, LogLevel.Debug, "A stale message of {EventId} to {EndpointId} is dropped")]
    public static partial void Stale(ILogger logger, string eventId, string endpointId);

    [LoggerMessage(
        4104,
        LogLevel.Warning,
        "{Count} messages were received but not taken, and come again when their lease ends: {Reason}"
    )]
    public static partial void NotReleased(ILogger logger, int count, string reason);

    [LoggerMessage(
        4105,
        LogLevel.Warning,
        "The sweep of {DueKey} stopped early, as SQS refuses messages"
    )]
    public static partial void SweepStopped(ILogger logger, string dueKey);

    [LoggerMessage(
        4106,
        LogLevel.Warning,
        "{EventId} of {TenantId} is gone; its open delivery to {EndpointId} is deleted"
    )]
    public static partial void EventGone(
        ILogger logger,
        string tenantId,
        string eventId,
        string endpointId
    );
}
