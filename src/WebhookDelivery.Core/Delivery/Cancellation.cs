namespace WebhookDelivery.Core;

/// <summary>What came of asking to cancel an event's deliveries.</summary>
public abstract record Cancellation
{
    private Cancellation() { }

    /// <summary>These deliveries will not be attempted; an attempt under way is not stopped by it.</summary>
    public sealed record Done(IReadOnlyList<EndpointId> Endpoints) : Cancellation;

    /// <summary>The tenant has no such event, or the event no delivery to that endpoint.</summary>
    public sealed record NotFound : Cancellation;

    /// <summary>No delivery that was asked for is open or parked.</summary>
    public sealed record NothingToCancel : Cancellation;
}
