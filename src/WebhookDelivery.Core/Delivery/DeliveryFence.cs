namespace WebhookDelivery.Core;

/// <summary>What a delivery must still be for a transition to apply.</summary>
/// <param name="Generation">Its generation.</param>
/// <param name="GenerationAttempts">Attempts already made in that generation.</param>
public readonly record struct DeliveryFence(int Generation, int GenerationAttempts);
