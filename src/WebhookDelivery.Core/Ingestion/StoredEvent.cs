namespace WebhookDelivery.Core;

/// <summary>An event with its deliveries, by endpoint id.</summary>
/// <param name="Event">The event.</param>
/// <param name="Deliveries">Its deliveries; empty if no endpoint matched.</param>
public sealed record StoredEvent(Event Event, IReadOnlyList<Delivery> Deliveries)
{
    /// <summary>The status that the API shows, derived from the deliveries.</summary>
    public EventStatus Status => EventStatuses.Derive(Deliveries);
}
