using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What a message of the queue of due deliveries says.</summary>
internal sealed record DeliveryMessage
{
    /// <summary>What is due. Its commit number is not carried.</summary>
    public required DueDelivery Due { get; init; }

    /// <summary>How often it was postponed.</summary>
    public int Postponements { get; init; }

    /// <summary>
    /// When the sweeper enqueues the delivery again unless it has moved, as far as the sender knew;
    /// <see cref="NoItem"/> if the delivery had no item. Null if nobody looked.
    /// </summary>
    public DateTimeOffset? HealAt { get; init; }

    /// <summary>Whether another message may say the same, so that the store must be asked.</summary>
    public bool MustVerify { get; init; }

    /// <summary>A <see cref="HealAt"/> that says: never, as there is no item to find.</summary>
    public static DateTimeOffset NoItem => DateTimeOffset.UnixEpoch;
}
