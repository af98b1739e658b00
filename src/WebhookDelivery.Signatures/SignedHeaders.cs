namespace WebhookDelivery.Signatures;

/// <summary>The values of the headers that sign one delivery attempt.</summary>
/// <param name="StripeSignature">
/// <c>Stripe-Signature</c>: <c>t=&lt;unix seconds&gt;,v1=&lt;64 lowercase hex digits&gt;</c>, one
/// <c>v1</c> per live secret.
/// </param>
/// <param name="WebhookId"><c>webhook-id</c>, the same for every attempt.</param>
/// <param name="WebhookTimestamp"><c>webhook-timestamp</c>: Unix time in whole seconds.</param>
/// <param name="WebhookSignature">
/// <c>webhook-signature</c>: <c>v1,&lt;base64&gt;</c>, space-separated, one per live secret that
/// supports Standard Webhooks; <see langword="null"/> (send no such header) if none does.
/// </param>
public sealed record SignedHeaders(
    string StripeSignature,
    string WebhookId,
    string WebhookTimestamp,
    string? WebhookSignature
);
