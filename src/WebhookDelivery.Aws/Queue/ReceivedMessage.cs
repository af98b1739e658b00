namespace WebhookDelivery.Aws;

/// <summary>A message as SQS handed it out.</summary>
/// <param name="Id">Which message, whatever its receipt.</param>
/// <param name="Body">Its body.</param>
/// <param name="Receipt">The handle by which it is deleted.</param>
/// <param name="ReceiveCount">How often it was handed out, this time included.</param>
/// <param name="LeaseEndsAt">When SQS may hand it out again.</param>
internal sealed record ReceivedMessage(
    string Id,
    string Body,
    string Receipt,
    int ReceiveCount,
    DateTimeOffset LeaseEndsAt
);
