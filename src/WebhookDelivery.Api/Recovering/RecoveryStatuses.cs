using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>In which states a recovery may look for deliveries.</summary>
internal static class RecoveryStatuses
{
    // What is pending is on its way, and what is parked goes on when its endpoint is enabled.
    private static readonly HashSet<DeliveryStatus> s_recoverable =
    [
        DeliveryStatus.Failed,
        DeliveryStatus.DeadLetter,
        DeliveryStatus.Cancelled,
        DeliveryStatus.Delivered,
    ];

    private static readonly HashSet<DeliveryStatus> s_cancellable =
    [
        DeliveryStatus.Pending,
        DeliveryStatus.Failed,
        DeliveryStatus.Parked,
    ];

    private static readonly HashSet<DeliveryStatus> s_recovered =
    [
        DeliveryStatus.Failed,
        DeliveryStatus.DeadLetter,
    ];

    /// <summary>Those that may be asked for.</summary>
    public static IReadOnlySet<DeliveryStatus> Of(RecoveryKind kind) =>
        kind == RecoveryKind.Cancel ? s_cancellable : s_recoverable;

    /// <summary>Those that are looked for unless others are asked for; none for a replay.</summary>
    public static IReadOnlySet<DeliveryStatus> DefaultOf(RecoveryKind kind) =>
        kind switch
        {
            RecoveryKind.Recover => s_recovered,
            RecoveryKind.Cancel => s_cancellable,
            _ => new HashSet<DeliveryStatus>(),
        };
}
