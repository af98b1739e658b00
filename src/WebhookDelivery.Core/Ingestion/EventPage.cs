namespace WebhookDelivery.Core;

/// <summary>A page of events, payloads left out.</summary>
/// <param name="Events">Newest first; may be short or empty although more follow, if filtered.</param>
/// <param name="Next">Where the next page begins; null at the end of the list.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, EventId? Next);
