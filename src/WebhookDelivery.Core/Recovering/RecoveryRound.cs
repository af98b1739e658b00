namespace WebhookDelivery.Core;

/// <summary>What one round over the running recoveries did.</summary>
/// <param name="Resumed">Parked deliveries that are PENDING again.</param>
/// <param name="Moved">Deliveries that other recoveries started or cancelled.</param>
/// <param name="Failed">Recoveries whose slice could not be made; the log says why.</param>
/// <param name="NextAt">When the next of them goes on; null if none runs.</param>
public readonly record struct RecoveryRound(
    int Resumed,
    int Moved,
    int Failed,
    DateTimeOffset? NextAt
);
