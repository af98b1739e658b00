namespace WebhookDelivery.Receiver;

/// <summary>Handles webhooks; created per request, in the request's scope.</summary>
public interface IWebhookHandler
{
    /// <summary>
    /// Handles one verified webhook. Answer fast: the sender waits 15 seconds by default. An
    /// exception is logged and answered 500, and the sender tries again.
    /// </summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="cancellationToken">Signalled when the sender has gone.</param>
    /// <returns>What came of it.</returns>
    Task<WebhookReply> HandleAsync(ReceivedWebhook webhook, CancellationToken cancellationToken);
}
