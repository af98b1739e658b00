using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What became of an event at one endpoint, and why.</summary>
internal sealed record EndpointExplanationBody
{
    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Its URL as it is now, or was when it was deleted.</summary>
    public required string? Url { get; init; }

    /// <summary>What became of the event here.</summary>
    [OneOf(typeof(EndpointVerdict))]
    public required string Verdict { get; init; }

    /// <summary>
    /// Why, as a code: the delivery's last reason, or what holds it back (rate_limit, in_flight_limit,
    /// server_limit, breaker_open); null where there is none.
    /// </summary>
    public required string? Reason { get; init; }

    /// <summary>Why, in a sentence or two for people. Its wording may change.</summary>
    public required string Detail { get; init; }

    /// <summary>
    /// The version of the endpoint that was in force when the event was routed; null if there was none, or
    /// it is not known.
    /// </summary>
    public required int? EndpointVersion { get; init; }

    /// <summary>Until when a delivery that is due is held back; null if nothing does, or no time is set.</summary>
    public required DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The delivery; null if there is none.</summary>
    public required ExplainedDeliveryBody? Delivery { get; init; }

    public static EndpointExplanationBody Of(EndpointExplanation explanation) =>
        new()
        {
            EndpointId = explanation.EndpointId.ToString(),
            Url = explanation.Url,
            Verdict = explanation.Verdict.ToCode(),
            Reason = explanation.Reason,
            Detail = explanation.Detail,
            EndpointVersion = explanation.EndpointVersion,
            HeldUntil = explanation.HeldUntil,
            Delivery = explanation.Delivery is { } delivery
                ? ExplainedDeliveryBody.Of(delivery)
                : null,
        };
}
