namespace WebhookDelivery.Simulation.Tests;

/// <summary>What becomes of one call of the store.</summary>
/// <param name="Before">How long it takes to get there; null for no time at all.</param>
/// <param name="IsRefused">Whether it comes to nothing.</param>
/// <param name="IsOneTenants">Whether the refusal is one tenant's matter.</param>
/// <param name="After">How long the answer takes; null for no time at all.</param>
/// <param name="IsAnswerLost">Whether it takes effect, and the caller does not know.</param>
internal readonly record struct Fate(
    TimeSpan? Before,
    bool IsRefused,
    bool IsOneTenants,
    TimeSpan? After,
    bool IsAnswerLost
)
{
    public bool IsSmooth => Before is null && After is null && !IsRefused && !IsAnswerLost;
}
