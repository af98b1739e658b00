using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>One thing that is wrong. Its words repeat nothing of a secret, a signature or a payload.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Scheme">The scheme that it concerns; null for both.</param>
/// <param name="Detail">What was found, in sentences.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record SignatureFault(
    SignatureFaultCode Code,
    SignatureSchemes? Scheme,
    string Detail,
    string Hint
);
