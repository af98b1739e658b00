namespace WebhookDelivery.Core;

/// <summary>What a requeue did.</summary>
/// <param name="Requeued">Dead letters that are PENDING again, or PARKED if their endpoint is disabled.</param>
/// <param name="Failed">
/// Dead letters that stay, as their endpoint is deleted or they were started anew as often as they may be.
/// </param>
public sealed record RequeueResult(int Requeued, int Failed);
