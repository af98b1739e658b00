namespace WebhookDelivery.Core;

/// <summary>
/// An exchange that is over and what was decided of it, to be recorded and followed up. It keeps the
/// claim, but no longer a place among the attempts under way.
/// </summary>
/// <param name="Claim">What was attempted.</param>
/// <param name="Endpoint">The endpoint as it was attempted.</param>
/// <param name="Attempt">What to record.</param>
/// <param name="Decision">What follows.</param>
public sealed record Settlement(
    ClaimedDelivery Claim,
    Endpoint Endpoint,
    Attempt Attempt,
    RetryDecision Decision
);
