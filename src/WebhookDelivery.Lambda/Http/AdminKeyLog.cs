using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda;

/// <summary>What the API says of the operator key. Event ids 8110–8119. Never the key.</summary>
internal static partial class AdminKeyLog
{
    [LoggerMessage(
        8110,
        LogLevel.Warning,
        "There is no parameter {parameter}, which should hold the operator key: no configured operator key is accepted. Put one there; the next start reads it."
    )]
    public static partial void Missing(ILogger logger, string parameter);
}
