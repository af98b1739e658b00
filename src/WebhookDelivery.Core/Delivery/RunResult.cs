namespace WebhookDelivery.Core;

/// <summary>How attempting a claim ended.</summary>
/// <param name="PostponedUntil">Until when it is postponed, unattempted; null if it is not.</param>
/// <param name="Limits">What the endpoint allows now; null if it is gone.</param>
/// <param name="Settlement">What is still to be recorded; null if there is nothing.</param>
public readonly record struct RunResult(
    DateTimeOffset? PostponedUntil,
    EndpointLimits? Limits,
    Settlement? Settlement = null
)
{
    /// <summary>What it was postponed for.</summary>
    public LaneHold Hold { get; init; }
}
