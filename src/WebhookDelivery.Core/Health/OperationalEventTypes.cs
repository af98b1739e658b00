namespace WebhookDelivery.Core;

/// <summary>The types of the platform's own events. Stable: tenants filter by them.</summary>
public static class OperationalEventTypes
{
    /// <summary>An endpoint fails: <see cref="HealthDecision.Failing"/>.</summary>
    public const string EndpointFailing = "endpoint.failing";

    /// <summary>A failing endpoint took a delivery again.</summary>
    public const string EndpointRecovered = "endpoint.recovered";

    /// <summary>The platform disabled an endpoint; what its tenant does itself is no news.</summary>
    public const string EndpointDisabled = "endpoint.disabled";

    /// <summary>A delivery became a dead letter.</summary>
    public const string DeliveryDeadLettered = "delivery.dead_lettered";
}
