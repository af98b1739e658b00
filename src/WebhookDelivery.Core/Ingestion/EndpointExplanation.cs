namespace WebhookDelivery.Core;

/// <summary>What became of an event at one endpoint, and why.</summary>
public sealed record EndpointExplanation
{
    /// <summary>Which endpoint.</summary>
    public required EndpointId EndpointId { get; init; }

    /// <summary>Its URL as it is now, or was when it was deleted; null if it is gone without trace.</summary>
    public required string? Url { get; init; }

    /// <summary>What became of it.</summary>
    public required EndpointVerdict Verdict { get; init; }

    /// <summary>
    /// A code for the reason: of a delivery that of its last attempt or change of state, where something
    /// holds it back one of <see cref="Holds"/>, otherwise null.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Why, in a sentence or two for people.</summary>
    public required string Detail { get; init; }

    /// <summary>
    /// The version of the endpoint that was in force when the event was routed; null if there was none, or
    /// it is not known.
    /// </summary>
    public int? EndpointVersion { get; init; }

    /// <summary>Until when a delivery that is due is held back; null where nothing does, or no time is set.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The delivery; null if there is none.</summary>
    public Delivery? Delivery { get; init; }

    /// <summary>The codes of <see cref="Reason"/> that no attempt has.</summary>
    public static class Holds
    {
        /// <summary>The endpoint's rate is used up for now.</summary>
        public const string RateLimit = "rate_limit";

        /// <summary>The endpoint has as many attempts under way as it may.</summary>
        public const string InFlightLimit = "in_flight_limit";

        /// <summary>The tenant, or the server, has as many attempts under way as it may.</summary>
        public const string ServerLimit = "server_limit";

        /// <summary>The endpoint's breaker is open.</summary>
        public const string BreakerOpen = "breaker_open";
    }
}
