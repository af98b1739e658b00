using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>A webhook whose signature was verified.</summary>
public sealed class ReceivedWebhook
{
    /// <summary>
    /// The event's id, the same for every attempt; what duplicates are recognised by. Signed if
    /// <see cref="IsIdSigned"/>.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>
    /// Whether the signature covers <see cref="Id"/>: not with a secret that signs Stripe-style
    /// only, where whoever captured a delivery could send it again under another id until its
    /// timestamp is out of tolerance.
    /// </summary>
    public bool IsIdSigned => VerifiedSchemes.HasFlag(SignatureSchemes.StandardWebhooks);

    /// <summary>
    /// The event's type from <c>webhook-event-type</c>, which is not signed;
    /// <see langword="null"/> if absent.
    /// </summary>
    public string? EventType { get; init; }

    /// <summary>
    /// Which attempt this is, from 1, from <c>webhook-attempt</c>, which is not signed;
    /// <see langword="null"/> if absent or no number.
    /// </summary>
    public int? Attempt { get; init; }

    /// <summary>The signed time of this attempt, in whole seconds, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The payload's exact bytes, signed. Valid as long as it is referenced.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The schemes whose signatures were verified; at least one.</summary>
    public required SignatureSchemes VerifiedSchemes { get; init; }

    /// <summary>
    /// Whether a webhook with this id was processed at this path before. Always
    /// <see langword="false"/> unless
    /// <see cref="WebhookReceiverOptions.RunHandlerForDuplicates"/> is set.
    /// </summary>
    public bool IsDuplicate { get; init; }
}
