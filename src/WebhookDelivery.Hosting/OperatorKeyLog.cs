using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Hosting;

/// <summary>What becomes of configured operator keys. Event ids 8100–8109. Key ids only, never a key.</summary>
internal static partial class OperatorKeyLog
{
    [LoggerMessage(
        8100,
        LogLevel.Warning,
        "The configured operator key {keyId} is not accepted: it is revoked, or a later configuration replaced it. Configure the later one, or a new one."
    )]
    public static partial void Superseded(ILogger logger, string keyId);

    [LoggerMessage(
        8101,
        LogLevel.Information,
        "The operator key {keyId} is revoked: the configuration replaced it by {newerKeyId}."
    )]
    public static partial void Replaced(ILogger logger, string keyId, string newerKeyId);
}
