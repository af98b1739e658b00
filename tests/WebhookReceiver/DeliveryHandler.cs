using WebhookDelivery.Receiver;

namespace WebhookReceiver;

/// <summary>Answers a delivery by the mode, and lists it.</summary>
internal sealed class DeliveryHandler(AnswerMode mode, ReceivedList received, TimeProvider time)
    : IWebhookHandler
{
    public Task<WebhookReply> HandleAsync(
        ReceivedWebhook webhook,
        CancellationToken cancellationToken
    ) => HandleAsync(webhook, $"{webhook.VerifiedSchemes}", cancellationToken);

    public async Task<WebhookReply> HandleAsync(
        ReceivedWebhook webhook,
        string verified,
        CancellationToken cancellationToken
    )
    {
        var settings = mode.Take();
        var success = webhook.IsDuplicate
            ? StatusCodes.Status200OK
            : StatusCodes.Status204NoContent;
        var status = settings.Status is { } failure and >= 300 ? failure : success;
        var hangs = settings.Hang == true;
        received.Add(
            webhook.Id,
            webhook.EventType,
            webhook.Attempt,
            webhook.IsDuplicate,
            verified,
            hangs ? null : status,
            webhook.Payload.Span
        );
        if (hangs || settings.DelayMs > 0)
        {
            var wait = hangs
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromMilliseconds(settings.DelayMs!.Value);
            await Task.Delay(wait, time, cancellationToken);
        }

        return status < 300 ? WebhookReply.Processed : WebhookReply.Failed(status);
    }
}
