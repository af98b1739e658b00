namespace WebhookDelivery.Core;

/// <summary>How many a recovery would be about.</summary>
/// <param name="Matched">Deliveries (of a replay: events) that its filter takes now.</param>
/// <param name="IsComplete">False if counting took too long: there are at least so many.</param>
public readonly record struct RecoveryCount(long Matched, bool IsComplete);
