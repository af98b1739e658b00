namespace WebhookDelivery.Core;

/// <summary>A page of an endpoint's deliveries.</summary>
/// <param name="Deliveries">By event, oldest first. May be short or empty although more follow.</param>
/// <param name="Next">Where the next page begins; null at the end of the list.</param>
public sealed record DeliveryPage(IReadOnlyList<Delivery> Deliveries, EventId? Next);
