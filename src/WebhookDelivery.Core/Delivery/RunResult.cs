namespace WebhookDelivery.Core;

/// <summary>How running a claim ended.</summary>
/// <param name="PostponedUntil">Until when it is postponed, unattempted; null if it is done with.</param>
/// <param name="Limits">What the endpoint allows now; null if it is gone.</param>
public readonly record struct RunResult(DateTimeOffset? PostponedUntil, EndpointLimits? Limits);
