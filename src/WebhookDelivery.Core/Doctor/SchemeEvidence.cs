using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What is known of one scheme in one case.</summary>
internal sealed record SchemeEvidence
{
    /// <summary>Which scheme.</summary>
    public required SignatureSchemes Scheme { get; init; }

    /// <summary>Whether a secret of the endpoint that was live when it was received signs this way.</summary>
    public required bool Expected { get; init; }

    /// <summary>Whether its signature header is there.</summary>
    public required bool Present { get; init; }

    /// <summary>What is wrong with the form of its headers; null if that is good, or nothing is there.</summary>
    public SignatureFault? FormFault { get; init; }

    /// <summary>Whether there is something to compare.</summary>
    public required bool Comparable { get; init; }

    /// <summary>The time that it states; null if it states none.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What its signature was found to be made with; null if nothing fits.</summary>
    public SignatureMatch? Match { get; init; }

    /// <summary>Whether the signature is over these headers and this body, by whatever secret.</summary>
    public bool FitsAsReceived => Match is { OverStored: false, Altered: AlteredHeader.None };
}
