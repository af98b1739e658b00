namespace WebhookDelivery.Core;

/// <summary>What keeps an endpoint's due deliveries from being attempted now.</summary>
public enum LaneHold
{
    /// <summary>Nothing that this process knows of.</summary>
    None,

    /// <summary>The endpoint's rate is used up for now.</summary>
    Rate,

    /// <summary>As many attempts are under way as the endpoint may have at once.</summary>
    EndpointCap,

    /// <summary>The places that its tenant, or the process, has for attempts are taken.</summary>
    SharedCap,

    /// <summary>The endpoint's breaker is open.</summary>
    Breaker,
}
