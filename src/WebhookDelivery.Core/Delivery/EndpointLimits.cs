namespace WebhookDelivery.Core;

/// <summary>What an endpoint allows the dispatcher.</summary>
/// <param name="MaxInFlight">Most attempts under way at once, at least 1.</param>
/// <param name="RatePerSecond">Most attempts begun per second; null for no limit.</param>
public readonly record struct EndpointLimits(int MaxInFlight, double? RatePerSecond)
{
    /// <summary>The limits of an endpoint, the server's default where it sets none.</summary>
    public static EndpointLimits Of(Endpoint endpoint, DeliveryOptions options) =>
        new(endpoint.MaxInFlight ?? options.MaxInFlightPerEndpoint, endpoint.RateLimitPerSecond);
}
