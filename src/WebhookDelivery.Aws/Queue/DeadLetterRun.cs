namespace WebhookDelivery.Aws;

/// <summary>What a run of the dead-letter queue's processor did.</summary>
/// <param name="Requeued">Dead letters that are PENDING again, or PARKED if their endpoint is disabled.</param>
/// <param name="Failed">Dead letters that stay, as their endpoint is deleted.</param>
public sealed record DeadLetterRun(int Requeued, int Failed);
