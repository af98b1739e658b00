using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda;

/// <summary>What the worker's function says. Event ids 8000–8099. Ids only, never what a message holds.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(8000, LogLevel.Error, "Message {messageId} cannot be read: {fault}.")]
    public static partial void Unreadable(ILogger logger, string? messageId, string fault);

    [LoggerMessage(8001, LogLevel.Error, "Message {messageId} could not be looked at.")]
    public static partial void ReadFailed(ILogger logger, string? messageId, Exception exception);
}
