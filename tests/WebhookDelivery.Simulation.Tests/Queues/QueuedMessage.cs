using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A message of a queue that outlives its consumers.</summary>
internal sealed class QueuedMessage(DueDelivery due, int postponements, TimeSpan visibleAt)
{
    public DueDelivery Due { get; } = due;

    public int Postponements { get; } = postponements;

    /// <summary>From when it may be received, on the queue's own clock.</summary>
    public TimeSpan VisibleAt { get; set; } = visibleAt;

    /// <summary>Of its last receipt; null before the first.</summary>
    public string? Receipt { get; set; }

    public bool IsOf(DueDelivery other) =>
        Due.Key == other.Key && Due.Generation == other.Generation && Due.Attempt == other.Attempt;
}
