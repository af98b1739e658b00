namespace WebhookDelivery.Core;

/// <summary>Where an attempt takes its delivery.</summary>
/// <param name="Status">The new status.</param>
/// <param name="NextAttemptAt">When the next attempt is due; set if and only if the status is open.</param>
public sealed record DeliveryTransition(DeliveryStatus Status, DateTimeOffset? NextAttemptAt);
