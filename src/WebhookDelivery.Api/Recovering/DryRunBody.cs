namespace WebhookDelivery.Api;

/// <summary>What a recovery would be about.</summary>
/// <param name="Matched">How many deliveries (for a replay: events) it would find now.</param>
/// <param name="Complete">
/// True: it is the exact count. False: counting took longer than 20 seconds, and there are at least so many.
/// </param>
internal sealed record DryRunBody(long Matched, bool Complete);
