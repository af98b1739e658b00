using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>A message as a send asked for it, on the wire.</summary>
/// <param name="Message">What it says.</param>
/// <param name="DelaySeconds">Null where the request names none.</param>
/// <param name="Group">The message group.</param>
/// <param name="BatchSize">How many went in the same call; 1 for SendMessage.</param>
internal sealed record SentMessage(
    DeliveryMessage Message,
    int? DelaySeconds,
    string? Group,
    int BatchSize
)
{
    public DueDelivery Due => Message.Due;
}
