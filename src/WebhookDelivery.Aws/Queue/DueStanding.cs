namespace WebhookDelivery.Aws;

/// <summary>Where a delivery stands that a message is about.</summary>
/// <param name="IsStale">Whether it has moved on, so that the message means nothing any more.</param>
/// <param name="HealAt">
/// When the sweeper enqueues it again; <see cref="DeliveryMessage.NoItem"/> if it has no item.
/// </param>
internal readonly record struct DueStanding(bool IsStale, DateTimeOffset HealAt);
