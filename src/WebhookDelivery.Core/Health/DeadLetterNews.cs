namespace WebhookDelivery.Core;

/// <summary>What a tenant is told of a dead letter.</summary>
/// <param name="EventId">The event that was not delivered.</param>
/// <param name="EventType">Its type; null if it has none.</param>
/// <param name="Generation">The generation that came to its end.</param>
/// <param name="Attempts">Attempts made in it.</param>
/// <param name="Reason">Why, as <see cref="Delivery.LastReason"/>.</param>
/// <param name="LastStatusCode">What the receiver last answered; null if nothing.</param>
public sealed record DeadLetterNews(
    EventId EventId,
    string? EventType,
    int Generation,
    int Attempts,
    ReasonCode Reason,
    int? LastStatusCode
)
{
    /// <summary>News of a delivery whose last attempt this was.</summary>
    public static DeadLetterNews Of(Attempt last, string? eventType) =>
        new(
            last.Key.EventId,
            eventType,
            last.Generation,
            last.Number,
            last.Outcome.Reason,
            last.Outcome.StatusCode
        );
}
