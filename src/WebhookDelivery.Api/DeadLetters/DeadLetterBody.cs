using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>A delivery whose retry schedule is used up.</summary>
internal sealed record DeadLetterBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The endpoint's URL as it is now, or was when it was deleted.</summary>
    public required string? Url { get; init; }

    /// <summary>
    /// Attempts that moved this delivery, redeliveries included. One that ended after the delivery had
    /// moved on without it is listed among the event's attempts but not counted here.
    /// </summary>
    public required int Attempts { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    [OneOf(typeof(ReasonCode))]
    public required string? LastReason { get; init; }

    /// <summary>The HTTP status of the last attempt; null if there was none.</summary>
    public required int? LastStatusCode { get; init; }

    /// <summary>When the last attempt began; null if there was none.</summary>
    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When it became a dead letter.</summary>
    public required DateTimeOffset DeadLetteredAt { get; init; }

    /// <summary>When the event was accepted.</summary>
    public required DateTimeOffset EventCreatedAt { get; init; }
}
