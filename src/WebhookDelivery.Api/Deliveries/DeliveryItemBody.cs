using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>One of an endpoint's deliveries.</summary>
internal sealed record DeliveryItemBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Where the delivery stands.</summary>
    [OneOf(typeof(DeliveryStatus))]
    public required string Status { get; init; }

    /// <summary>
    /// Attempts that moved this delivery, redeliveries included. One that ended after the delivery had
    /// moved on without it is listed among the event's attempts but not counted here.
    /// </summary>
    public required int Attempts { get; init; }

    /// <summary>How often its schedule was begun, the first time counted.</summary>
    public required int Generation { get; init; }

    /// <summary>What began it last; live for the first time, as the event came.</summary>
    [OneOf(typeof(EventSource))]
    public required string Source { get; init; }

    /// <summary>When the last attempt began; null before the first.</summary>
    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When the next attempt is due; null if none is.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The HTTP status of the last attempt; null if there was none.</summary>
    public required int? LastStatusCode { get; init; }

    /// <summary>Why the delivery stands where it does; null before the first attempt.</summary>
    [OneOf(typeof(ReasonCode))]
    public required string? LastReason { get; init; }

    /// <summary>When anything of this last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the event was accepted.</summary>
    public required DateTimeOffset EventCreatedAt { get; init; }

    public static DeliveryItemBody Of(Delivery delivery) =>
        new()
        {
            EventId = delivery.Key.EventId.ToString(),
            EndpointId = delivery.Key.EndpointId.ToString(),
            Status = delivery.Status.ToCode(),
            Attempts = delivery.Attempts,
            Generation = delivery.Generation,
            Source = delivery.Source.ToCode(),
            LastAttemptAt = delivery.LastAttemptAt,
            NextAttemptAt = delivery.NextAttemptAt,
            LastStatusCode = delivery.LastStatusCode,
            LastReason = delivery.LastReason?.ToCode(),
            UpdatedAt = delivery.UpdatedAt,
            // The event's creation set the id's time: reading it saves reading the event.
            EventCreatedAt = delivery.Key.EventId.CreatedAt,
        };
}
