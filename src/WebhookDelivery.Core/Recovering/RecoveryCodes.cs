namespace WebhookDelivery.Core;

/// <summary>The names that the API gives to what recoveries do and where they stand.</summary>
public static class RecoveryCodes
{
    /// <summary>The API's name, such as <c>replay</c>.</summary>
    public static string ToCode(this RecoveryKind kind) =>
        kind switch
        {
            RecoveryKind.Recover => "recover",
            RecoveryKind.Replay => "replay",
            RecoveryKind.Cancel => "cancel",
            RecoveryKind.Resume => "resume",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
        };

    /// <summary>The API's name, such as <c>RUNNING</c>.</summary>
    public static string ToCode(this RecoveryStatus status) =>
        status switch
        {
            RecoveryStatus.Running => "RUNNING",
            RecoveryStatus.Done => "DONE",
            RecoveryStatus.Cancelled => "CANCELLED",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
        };
}
