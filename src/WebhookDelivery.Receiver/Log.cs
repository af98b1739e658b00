using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Receiver;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning, "Webhook refused: {Code} ({StatusCode})")]
    public static partial void Refused(ILogger logger, string code, int statusCode);

    [LoggerMessage(7002, LogLevel.Error, "The handler failed on webhook {WebhookId}")]
    public static partial void HandlerThrew(ILogger logger, Exception exception, string webhookId);

    [LoggerMessage(7003, LogLevel.Debug, "Webhook {WebhookId} is a duplicate")]
    public static partial void Duplicate(ILogger logger, string webhookId);
}
