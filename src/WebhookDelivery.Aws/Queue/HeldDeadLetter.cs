using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>A message of the dead-letter queue that a pass has received, and what it says.</summary>
/// <param name="Receipt">What deletes it or gives it back.</param>
/// <param name="Key">Which delivery.</param>
/// <param name="Generation">Which of its generations.</param>
/// <param name="PoisonAttempt">
/// The attempt that nobody could process, where it is a delivery message that SQS moved; null for a
/// hint.
/// </param>
internal sealed record HeldDeadLetter(
    string Receipt,
    DeliveryKey Key,
    int Generation,
    int? PoisonAttempt
)
{
    /// <summary>Reads a message; null for one that is neither a hint nor a delivery.</summary>
    public static HeldDeadLetter? Read(string receipt, string body) =>
        DeadLetterMessage.TryParse(body, out var hint)
            ? new HeldDeadLetter(receipt, hint.Key, hint.Generation, null)
        : DeliveryMessage.TryParse(body, out var message)
            ? new HeldDeadLetter(
                receipt,
                message.Due.Key,
                message.Due.Generation,
                message.Due.Attempt
            )
        : null;
}
