namespace WebhookDelivery.Core;

/// <summary>How the bytes of a MAC are written.</summary>
internal enum MacEncoding
{
    /// <summary>As webhook-signature has it.</summary>
    Base64,

    /// <summary>The letters of URLs, or no padding.</summary>
    OtherBase64,

    /// <summary>As Stripe-Signature has it.</summary>
    LowerHex,

    /// <summary>In upper case.</summary>
    UpperHex,
}
