using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>The names that the API, logs and metrics give to reasons.</summary>
public static class ReasonCodes
{
    /// <summary>The stable name, such as <c>connect_failed</c>.</summary>
    public static string ToCode(this ReasonCode reason) =>
        reason switch
        {
            ReasonCode.Delivered => "delivered",
            ReasonCode.HttpStatus => "http_status",
            ReasonCode.Throttled => "throttled",
            ReasonCode.EndpointGone => "endpoint_gone",
            ReasonCode.Timeout => "timeout",
            ReasonCode.ConnectFailed => "connect_failed",
            ReasonCode.DnsFailed => "dns_failed",
            ReasonCode.TlsFailed => "tls_failed",
            ReasonCode.BadResponse => "bad_response",
            ReasonCode.BlockedAddress => "blocked_address",
            ReasonCode.EndpointDisabled => "endpoint_disabled",
            ReasonCode.EndpointDeleted => "endpoint_deleted",
            ReasonCode.Cancelled => "cancelled",
            ReasonCode.Poison => "poison",
            ReasonCode.Aborted => "aborted",
            ReasonCode.DisabledByReceiver => "disabled_by_receiver",
            ReasonCode.Failing => "failing",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
        };

    /// <summary>Reads the stable name; exact and case-sensitive.</summary>
    public static bool TryParse([NotNullWhen(true)] string? code, out ReasonCode reason)
    {
        foreach (var candidate in Enum.GetValues<ReasonCode>())
        {
            if (candidate.ToCode() == code)
            {
                reason = candidate;
                return true;
            }
        }

        reason = default;
        return false;
    }
}
