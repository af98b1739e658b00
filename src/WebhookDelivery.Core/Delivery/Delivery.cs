namespace WebhookDelivery.Core;

/// <summary>
/// One event × one endpoint: the mutable part of the model. A delivery moves only by a transition
/// that is conditional on its generation and attempt number, so a stale worker overwrites nothing.
/// </summary>
public sealed record Delivery
{
    /// <summary>Which delivery.</summary>
    public required DeliveryKey Key { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>1 at first; one more for each requeue or redeliver, which starts the schedule anew.</summary>
    public required int Generation { get; init; }

    /// <summary>Attempts made in this generation: the position in the retry schedule.</summary>
    public required int GenerationAttempts { get; init; }

    /// <summary>
    /// Attempts made in all generations. One of a stale worker, which moved nothing, is listed but not
    /// counted.
    /// </summary>
    public required int Attempts { get; init; }

    /// <summary>When the next attempt is due; null unless <see cref="Status"/> is open.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt began; null before the first.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The last attempt's HTTP status; null if there was none.</summary>
    public int? LastStatusCode { get; init; }

    /// <summary>Why it stands where it does; null before the first attempt.</summary>
    public ReasonCode? LastReason { get; init; }

    /// <summary>
    /// What started this generation; <see cref="EventSource.Live"/> for the first, unless the delivery was
    /// added to its event later.
    /// </summary>
    public EventSource Source { get; init; }

    /// <summary>When anything here last changed; retention counts from it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
