namespace WebhookDelivery.Core;

/// <summary>A page of dead letters.</summary>
/// <param name="Deliveries">May be short or empty although more follow, if filtered.</param>
/// <param name="Next">Where the next page begins; null at the end of the list.</param>
public sealed record DeadLetterPage(IReadOnlyList<Delivery> Deliveries, DeadLetterPosition? Next);
