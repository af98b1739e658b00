namespace WebhookDelivery.Core;

/// <summary>What a signature was found to be made with.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="OverStored">
/// Whether it is over the event's stored payload and not over the body received; false where these are the same.
/// </param>
/// <param name="Altered">What of the headers had to be put right for it to fit.</param>
internal sealed record SignatureMatch(
    KnownSecret Secret,
    bool OverStored,
    AlteredHeader Altered = AlteredHeader.None
);
