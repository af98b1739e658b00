using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The reasons that a recovery can look for, by their names.</summary>
internal static class RecoveryReasons
{
    public static IReadOnlyDictionary<string, ReasonCode> All { get; } =
        Enum.GetValues<ReasonCode>()
            .ToDictionary(reason => reason.ToCode(), StringComparer.Ordinal);
}
