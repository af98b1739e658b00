using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>A delivery that memory holds: ready, claimed or postponed.</summary>
internal sealed class HeldDelivery(EndpointWindow window, ClaimedDelivery claim, int payloadBytes)
{
    public EndpointWindow Window { get; } = window;

    /// <summary>The claim on it, handed out or to be.</summary>
    public ClaimedDelivery Claim { get; } = claim;

    public DueDelivery Due => Claim.Due;

    /// <summary>What it takes of the payload budget.</summary>
    public int PayloadBytes { get; } = payloadBytes;

    public HeldState State { get; set; }

    /// <summary>When a postponed one becomes ready.</summary>
    public long PostponedUntilMs { get; set; }

    /// <summary>
    /// When the delivery is due according to an enqueue that came while it was held; null if none
    /// did. What it has become by then is read from the database.
    /// </summary>
    public long? RequeuedDueMs { get; private set; }

    /// <summary>Whether one of those enqueues was for the endpoint's other lane.</summary>
    public bool IsRequeuedElsewhere { get; private set; }

    public void Requeue(DueDelivery delivery, long dueMs)
    {
        RequeuedDueMs = Math.Min(RequeuedDueMs ?? long.MaxValue, dueMs);
        IsRequeuedElsewhere |= delivery.Backlog != Due.Backlog;
    }

    /// <summary>Above 0 if the other one is a later attempt of the same delivery; 0 if the same.</summary>
    public int CompareStage(DueDelivery other)
    {
        var generations = other.Generation.CompareTo(Due.Generation);
        return generations != 0 ? generations : other.Attempt.CompareTo(Due.Attempt);
    }
}
