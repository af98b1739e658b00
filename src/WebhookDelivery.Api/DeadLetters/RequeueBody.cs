namespace WebhookDelivery.Api;

/// <summary>What a requeue did.</summary>
/// <param name="Requeued">Dead letters that are attempted again, or parked while their endpoint is disabled.</param>
/// <param name="Failed">Dead letters that stay, as their endpoint is deleted.</param>
internal sealed record RequeueBody(int Requeued, int Failed);
