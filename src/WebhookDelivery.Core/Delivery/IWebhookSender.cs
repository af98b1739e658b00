namespace WebhookDelivery.Core;

/// <summary>Port: makes HTTP exchanges. Thread-safe.</summary>
public interface IWebhookSender
{
    /// <summary>
    /// One exchange in, one result out. Changes nothing but the endpoint's breaker. Never throws for
    /// what a receiver, its host name or its certificate does.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled; the exchange may have happened.
    /// </exception>
    ValueTask<SendResult> SendAsync(WebhookRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// When the endpoint's breaker will let a request through again; null if it does now. Changes
    /// nothing; called often, so it must be cheap.
    /// </summary>
    DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now);
}
