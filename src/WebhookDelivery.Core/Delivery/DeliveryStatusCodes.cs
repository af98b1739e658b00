using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>The names that the API gives to delivery statuses.</summary>
public static class DeliveryStatusCodes
{
    /// <summary>True while a further attempt is coming of itself: PENDING and FAILED.</summary>
    public static bool IsOpen(this DeliveryStatus status) =>
        status is DeliveryStatus.Pending or DeliveryStatus.Failed;

    /// <summary>The API's name, such as <c>DEAD_LETTER</c>.</summary>
    public static string ToCode(this DeliveryStatus status) =>
        status switch
        {
            DeliveryStatus.Pending => "PENDING",
            DeliveryStatus.Failed => "FAILED",
            DeliveryStatus.Parked => "PARKED",
            DeliveryStatus.DeadLetter => "DEAD_LETTER",
            DeliveryStatus.Cancelled => "CANCELLED",
            DeliveryStatus.Delivered => "DELIVERED",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
        };

    /// <summary>Reads the API's name; exact and case-sensitive.</summary>
    public static bool TryParse([NotNullWhen(true)] string? code, out DeliveryStatus status)
    {
        foreach (var candidate in Enum.GetValues<DeliveryStatus>())
        {
            if (candidate.ToCode() == code)
            {
                status = candidate;
                return true;
            }
        }

        status = default;
        return false;
    }
}
