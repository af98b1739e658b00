using Amazon.SQS.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>A message of the dead-letter queue that a pass has received, and what it says.</summary>
/// <param name="MessageId">Which message, whatever its receipt.</param>
/// <param name="Receipt">What deletes it or gives it back.</param>
/// <param name="Key">Which delivery.</param>
/// <param name="Generation">Which of its generations.</param>
/// <param name="PoisonAttempt">
/// The attempt that nobody could process, where it is a delivery message that SQS moved; null for a
/// hint.
/// </param>
/// <param name="EventType">The event's type, where it is one that SQS moved; null for none.</param>
internal sealed record HeldDeadLetter(
    string MessageId,
    string Receipt,
    DeliveryKey Key,
    int Generation,
    int? PoisonAttempt,
    string? EventType = null
)
{
    /// <summary>Reads a message; null for one that is neither a hint nor a delivery.</summary>
    public static HeldDeadLetter? Read(Message message)
    {
        if (DeadLetterMessage.TryParse(message.Body, out var hint))
        {
            return new(message.MessageId, message.ReceiptHandle, hint.Key, hint.Generation, null);
        }

        return DeliveryMessageCodec.TryRead(message.Body, out var delivery, out _)
            ? new HeldDeadLetter(
                message.MessageId,
                message.ReceiptHandle,
                delivery.Due.Key,
                delivery.Due.Generation,
                delivery.Due.Attempt,
                delivery.Due.EventType
            )
            : null;
    }
}
