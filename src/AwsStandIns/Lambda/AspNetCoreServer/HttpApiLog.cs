using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer;

internal static partial class HttpApiLog
{
    [LoggerMessage(1, LogLevel.Error, "A request ended with an exception.")]
    public static partial void Unhandled(ILogger logger, Exception exception);
}
