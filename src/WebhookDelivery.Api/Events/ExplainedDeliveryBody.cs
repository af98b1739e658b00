using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The delivery behind a verdict, in numbers.</summary>
internal sealed record ExplainedDeliveryBody
{
    /// <summary>Where the delivery stands.</summary>
    [OneOf(typeof(DeliveryStatus))]
    public required string Status { get; init; }

    /// <summary>Attempts that moved this delivery, redeliveries included.</summary>
    public required int Attempts { get; init; }

    /// <summary>1 at first; one more for each time that it was started anew.</summary>
    public required int Generation { get; init; }

    /// <summary>What started this generation; replay if the event was not routed here at first.</summary>
    [OneOf(typeof(EventSource))]
    public required string Source { get; init; }

    /// <summary>When the next attempt is due; null if none is.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt began; null before the first.</summary>
    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The HTTP status of the last attempt; null if there was none.</summary>
    public required int? LastStatusCode { get; init; }

    /// <summary>Why the delivery stands where it does; null before the first attempt.</summary>
    [OneOf(typeof(ReasonCode))]
    public required string? LastReason { get; init; }

    public static ExplainedDeliveryBody Of(Delivery delivery) =>
        new()
        {
            Status = delivery.Status.ToCode(),
            Attempts = delivery.Attempts,
            Generation = delivery.Generation,
            Source = delivery.Source.ToCode(),
            NextAttemptAt = delivery.NextAttemptAt,
            LastAttemptAt = delivery.LastAttemptAt,
            LastStatusCode = delivery.LastStatusCode,
            LastReason = delivery.LastReason?.ToCode(),
        };
}
