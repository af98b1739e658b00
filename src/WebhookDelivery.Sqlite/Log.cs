using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Sqlite;

/// <summary>What the embedded engine tells its operator. Event ids 3000–3099.</summary>
internal static partial class Log
{
    [LoggerMessage(
        3000,
        LogLevel.Information,
        "Opened {Path}, schema version {Version}, {Endpoints} endpoints with open deliveries"
    )]
    public static partial void Opened(ILogger logger, string path, int version, int endpoints);

    [LoggerMessage(3001, LogLevel.Error, "Writes fail: {Reason}")]
    public static partial void WritesFail(ILogger logger, string reason, Exception exception);

    [LoggerMessage(3002, LogLevel.Information, "Writes succeed again")]
    public static partial void WritesSucceed(ILogger logger);

    [LoggerMessage(3003, LogLevel.Warning, "One write failed alone")]
    public static partial void WriteFailedAlone(ILogger logger, Exception exception);

    [LoggerMessage(3004, LogLevel.Warning, "New events are refused: {Reason}")]
    public static partial void IngestRefused(ILogger logger, string reason);

    [LoggerMessage(3005, LogLevel.Information, "New events are accepted again")]
    public static partial void IngestAccepted(ILogger logger);

    [LoggerMessage(3006, LogLevel.Warning, "Due deliveries could not be read")]
    public static partial void DueReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Critical, "The writer stopped")]
    public static partial void WriterStopped(ILogger logger, Exception exception);

    [LoggerMessage(
        3008,
        LogLevel.Information,
        "Migrating {Path} to schema version {Version}: {Purpose}"
    )]
    public static partial void Migrating(ILogger logger, string path, int version, string purpose);

    [LoggerMessage(3009, LogLevel.Information, "{Path} has schema version {Version} after {Ms} ms")]
    public static partial void Migrated(ILogger logger, string path, int version, long ms);

    [LoggerMessage(
        3010,
        LogLevel.Critical,
        "The database is damaged; new events are refused until a restart. Restore a backup: {Reason}"
    )]
    public static partial void Damaged(ILogger logger, string reason);

    [LoggerMessage(3011, LogLevel.Warning, "The write-ahead log could not be emptied: {Reason}")]
    public static partial void LogNotEmptied(ILogger logger, string reason);
}
