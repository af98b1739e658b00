namespace WebhookDelivery.Core;

/// <summary>Derives and names event statuses.</summary>
public static class EventStatuses
{
    /// <summary>
    /// No deliveries → UNROUTED; else the first that applies of FAILED, PENDING, PARKED,
    /// DEAD_LETTER, CANCELLED (all of them), DELIVERED.
    /// </summary>
    public static EventStatus Derive(IReadOnlyList<Delivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return EventStatus.Unrouted;
        }

        var seen = 0;
        foreach (var delivery in deliveries)
        {
            seen |= 1 << (int)delivery.Status;
        }

        bool Has(DeliveryStatus status) => (seen & (1 << (int)status)) != 0;
        return true switch
        {
            _ when Has(DeliveryStatus.Failed) => EventStatus.Failed,
            _ when Has(DeliveryStatus.Pending) => EventStatus.Pending,
            _ when Has(DeliveryStatus.Parked) => EventStatus.Parked,
            _ when Has(DeliveryStatus.DeadLetter) => EventStatus.DeadLetter,
            _ when Has(DeliveryStatus.Delivered) => EventStatus.Delivered,
            _ => EventStatus.Cancelled,
        };
    }

    /// <summary>The API's name, such as <c>UNROUTED</c>.</summary>
    public static string ToCode(this EventStatus status) =>
        status switch
        {
            EventStatus.Unrouted => "UNROUTED",
            EventStatus.Failed => "FAILED",
            EventStatus.Pending => "PENDING",
            EventStatus.Parked => "PARKED",
            EventStatus.DeadLetter => "DEAD_LETTER",
            EventStatus.Cancelled => "CANCELLED",
            EventStatus.Delivered => "DELIVERED",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
        };
}
