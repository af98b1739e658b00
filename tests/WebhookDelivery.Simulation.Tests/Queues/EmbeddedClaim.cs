using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A delivery that the embedded queue holds in memory.</summary>
internal sealed class EmbeddedClaim(DueDelivery due)
{
    public ClaimedDelivery Claim { get; } = new(due);

    public DueDelivery Due => Claim.Due;

    /// <summary>Handed out, its lease not ended.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>Until when it was postponed; null if it is ready or claimed.</summary>
    public DateTimeOffset? PostponedUntil { get; set; }

    /// <summary>
    /// When the delivery is due according to an enqueue that came meanwhile: what it has become is
    /// read when this claim ends.
    /// </summary>
    public DateTimeOffset? RequeuedAt { get; private set; }

    public void Requeue(DateTimeOffset at) =>
        RequeuedAt = RequeuedAt is { } known && known < at ? known : at;

    public int StageOf(DueDelivery other)
    {
        var generations = other.Generation.CompareTo(Due.Generation);
        return generations != 0 ? generations : other.Attempt.CompareTo(Due.Attempt);
    }
}
