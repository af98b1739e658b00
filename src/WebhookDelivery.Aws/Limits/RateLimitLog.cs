using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>What the shared rate limiter tells its operator. Event ids 4070–4079.</summary>
internal static partial class RateLimitLog
{
    [LoggerMessage(
        4070,
        LogLevel.Warning,
        "Attempts cannot be counted across processes; rates hold in each process only: {Reason}"
    )]
    public static partial void CountFailed(ILogger logger, string reason);

    [LoggerMessage(4071, LogLevel.Information, "Attempts are counted across processes again")]
    public static partial void CountsAgain(ILogger logger);
}
