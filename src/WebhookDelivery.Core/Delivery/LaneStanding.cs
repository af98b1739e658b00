namespace WebhookDelivery.Core;

/// <summary>Where a due delivery stands in one process's dispatcher, at one moment.</summary>
/// <param name="Hold">What keeps its endpoint's deliveries back.</param>
/// <param name="Until">When that ends; null if it ends with an attempt, or nothing holds it.</param>
/// <param name="IsUnderWay">True if it is being attempted here, as far as can be told.</param>
public readonly record struct LaneStanding(LaneHold Hold, DateTimeOffset? Until, bool IsUnderWay);
