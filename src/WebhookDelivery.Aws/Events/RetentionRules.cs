using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>How long what is finished is kept, by what it is.</summary>
internal static class RetentionRules
{
    /// <summary>How long a delivery that is not open is kept after its last change.</summary>
    public static TimeSpan Of(this Retention retention, DeliveryStatus status) =>
        status == DeliveryStatus.DeadLetter ? retention.DeadLetters : retention.Events;

    /// <summary>Nothing younger than this can have expired.</summary>
    public static TimeSpan Least(this Retention retention) =>
        retention.DeadLetters < retention.Events ? retention.DeadLetters : retention.Events;
}
