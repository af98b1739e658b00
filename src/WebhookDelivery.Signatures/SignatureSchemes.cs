namespace WebhookDelivery.Signatures;

/// <summary>The ways a delivery is signed. Flags: a delivery usually carries both.</summary>
[Flags]
public enum SignatureSchemes
{
    /// <summary>No scheme.</summary>
    None = 0,

    /// <summary>
    /// The <c>Stripe-Signature</c> header, which signs timestamp and body
    /// (https://docs.stripe.com/webhooks/signature). It does not cover <c>webhook-id</c>.
    /// </summary>
    Stripe = 1,

    /// <summary>
    /// The <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c> headers, which
    /// sign id, timestamp and body (https://www.standardwebhooks.com).
    /// </summary>
    StandardWebhooks = 2,
}
