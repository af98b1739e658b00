namespace WebhookDelivery.Core;

/// <summary>What came of asking for a redelivery.</summary>
public abstract record Redelivery
{
    private Redelivery() { }

    /// <summary>These deliveries start anew; towards disabled endpoints they are parked.</summary>
    public sealed record Started(IReadOnlyList<EndpointId> Endpoints) : Redelivery;

    /// <summary>The tenant has no such event, or the event no delivery to that endpoint.</summary>
    public sealed record NotFound : Redelivery;

    /// <summary>The endpoint, or every endpoint of the event, is deleted, or the event went nowhere.</summary>
    public sealed record NothingToDeliver : Redelivery;
}
