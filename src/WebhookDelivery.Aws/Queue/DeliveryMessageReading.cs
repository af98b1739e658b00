using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What came of reading a message of the queue of due deliveries.</summary>
public abstract record DeliveryMessageReading
{
    private DeliveryMessageReading() { }

    /// <summary>A delivery that is due. Its claim has no receipt: whoever received the message deletes it.</summary>
    public sealed record Claimed(ClaimedDelivery Claim) : DeliveryMessageReading;

    /// <summary>The delivery has moved on: delete the message, and do nothing else.</summary>
    public sealed record Stale(DeliveryKey Key) : DeliveryMessageReading;

    /// <summary>Nothing that this version can read, or of an item that it cannot: leave the message, for SQS to move it away in time.</summary>
    /// <param name="Fault">What is wrong, in words that repeat nothing of the message.</param>
    public sealed record Malformed(string Fault) : DeliveryMessageReading;
}
