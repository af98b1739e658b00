namespace WebhookDelivery.Signatures;

/// <summary>Which signatures a <see cref="WebhookVerifier"/> asks for.</summary>
public enum SchemePolicy
{
    /// <summary>
    /// The default. Standard Webhooks is needed if every secret supports it, since a genuine
    /// delivery then carries it and only it covers the webhook id; otherwise one scheme is
    /// enough. A signature header that is there and that a secret could have made must be right.
    /// </summary>
    Automatic = 0,

    /// <summary><c>Stripe-Signature</c> is needed; nothing else is looked at.</summary>
    Stripe,

    /// <summary><c>webhook-signature</c> is needed; nothing else is looked at.</summary>
    StandardWebhooks,

    /// <summary>Both are needed.</summary>
    Both,
}
