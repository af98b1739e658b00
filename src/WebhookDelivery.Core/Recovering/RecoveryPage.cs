namespace WebhookDelivery.Core;

/// <summary>What a recovery comes to next.</summary>
/// <param name="Found">In its order; may be few or none although more follow.</param>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record RecoveryPage(IReadOnlyList<PlannedDelivery> Found, EventId? Next);
