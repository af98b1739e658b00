using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>What recoveries say. Event ids 1030–1039. Ids and counts only.</summary>
internal static partial class RecoveryLog
{
    [LoggerMessage(
        1030,
        LogLevel.Information,
        "Recovery {status} recovery={recoveryId} kind={kind} tenant={tenant} endpoint={endpointId} matched={matched} moved={moved} skipped={skipped} failed={failed}"
    )]
    public static partial void Ended(
        ILogger logger,
        string status,
        string recoveryId,
        string kind,
        string tenant,
        string endpointId,
        long matched,
        long moved,
        long skipped,
        long failed
    );

    [LoggerMessage(
        1031,
        LogLevel.Information,
        "Recovery rests as its endpoint fails recovery={recoveryId} endpoint={endpointId} rest_s={restSeconds:F0}"
    )]
    public static partial void Resting(
        ILogger logger,
        string recoveryId,
        string endpointId,
        double restSeconds
    );

    [LoggerMessage(
        1032,
        LogLevel.Warning,
        "A recovery waits for the store recovery={recoveryId}: {reason}"
    )]
    public static partial void StoreUnavailable(ILogger logger, string recoveryId, string reason);

    [LoggerMessage(1033, LogLevel.Error, "A slice failed; it is made again recovery={recoveryId}")]
    public static partial void SliceFailed(ILogger logger, Exception exception, string recoveryId);

    [LoggerMessage(1034, LogLevel.Error, "Recoveries could not be looked for; trying again")]
    public static partial void RoundFailed(ILogger logger, Exception exception);
}
