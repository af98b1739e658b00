namespace WebhookDelivery.Core;

/// <summary>
/// A delivery that a recovery is about to move, as it was found. It is written down before it is moved,
/// so that whoever goes on after a crash knows what may have been done already.
/// </summary>
/// <param name="EventId">Its event.</param>
/// <param name="Generation">The generation it was found in; 0 for a replay's, which is yet to be.</param>
public readonly record struct PlannedDelivery(EventId EventId, int Generation);
