using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>One delivery of an event to an endpoint.</summary>
internal sealed record DeliveryBody
{
    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The endpoint's URL as it is now, or was when it was deleted.</summary>
    public required string? Url { get; init; }

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

    public static async ValueTask<IReadOnlyList<DeliveryBody>> AllOfAsync(
        StoredEvent stored,
        EndpointUrls urls,
        CancellationToken cancellationToken
    )
    {
        var bodies = new DeliveryBody[stored.Deliveries.Count];
        for (var i = 0; i < bodies.Length; i++)
        {
            var delivery = stored.Deliveries[i];
            var url = await urls.FindAsync(delivery.Key.Endpoint, cancellationToken);
            bodies[i] = new DeliveryBody
            {
                EndpointId = delivery.Key.EndpointId.ToString(),
                Url = url,
                Status = delivery.Status.ToCode(),
                Attempts = delivery.Attempts,
                Generation = delivery.Generation,
                Source = delivery.Source.ToCode(),
                LastAttemptAt = delivery.LastAttemptAt,
                NextAttemptAt = delivery.NextAttemptAt,
                LastStatusCode = delivery.LastStatusCode,
                LastReason = delivery.LastReason?.ToCode(),
            };
        }

        return bodies;
    }
}
