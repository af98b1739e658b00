namespace WebhookDelivery.Core;

/// <summary>What came of asking for a redelivery.</summary>
public abstract record Redelivery
{
    private Redelivery() { }

    /// <summary>These deliveries start anew; towards disabled endpoints they are parked.</summary>
    public sealed record Started(IReadOnlyList<EndpointId> Endpoints) : Redelivery;

    /// <summary>The tenant has no such event, or the event no delivery to that endpoint.</summary>
    public sealed record NotFound : Redelivery;

    /// <summary>Each delivery that was asked for has been started anew as often as it may be.</summary>
    /// <param name="GenerationsMax">How often, the first time counted.</param>
    public sealed record LimitReached(int GenerationsMax) : Redelivery;

    /// <summary>The endpoint, or every endpoint of the event, is deleted, or the event went nowhere.</summary>
    public sealed record NothingToDeliver : Redelivery;
}
