namespace WebhookDelivery.Signatures;

/// <summary>
/// The signature headers of a request, as received and not yet trusted;
/// <see langword="null"/> or empty for one that is absent.
/// </summary>
/// <param name="StripeSignature">The value of <c>Stripe-Signature</c>.</param>
/// <param name="WebhookId">The value of <c>webhook-id</c>.</param>
/// <param name="WebhookTimestamp">The value of <c>webhook-timestamp</c>.</param>
/// <param name="WebhookSignature">The value of <c>webhook-signature</c>.</param>
public readonly record struct SignatureHeaders(
    string? StripeSignature,
    string? WebhookId,
    string? WebhookTimestamp,
    string? WebhookSignature
);
