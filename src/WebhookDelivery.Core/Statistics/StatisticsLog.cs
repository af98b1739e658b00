using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>Log entries of the statistics; events 1300–1399.</summary>
internal static partial class StatisticsLog
{
    [LoggerMessage(
        1300,
        LogLevel.Warning,
        "Statistics cannot be stored and are kept for the next try: {Fault}"
    )]
    public static partial void AddFailed(ILogger logger, string fault);

    [LoggerMessage(1301, LogLevel.Information, "Statistics are stored again.")]
    public static partial void AddsAgain(ILogger logger);
}
