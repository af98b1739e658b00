using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>A message that the sweeper sends for an item that it has claimed.</summary>
/// <param name="Message">The message.</param>
/// <param name="EventKey">
/// The event's item, if it is that which was claimed: then the claim is to be ended. Null for the
/// item of a delivery, which keeps its due time.
/// </param>
/// <param name="ClaimedUntil">The due time that the claim has set.</param>
internal sealed record OverdueMessage(
    OutgoingMessage Message,
    Dictionary<string, AttributeValue>? EventKey,
    DateTimeOffset ClaimedUntil
);
