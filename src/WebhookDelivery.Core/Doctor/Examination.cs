using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>One case with everything that is known of it: what the checks look at.</summary>
internal sealed record Examination
{
    /// <summary>The case.</summary>
    public required SignatureCase Case { get; init; }

    /// <summary>When the receiver got it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The headers that sign.</summary>
    public required ReceivedHeaders Headers { get; init; }

    /// <summary>The endpoint's secrets, the current one first, expired ones last.</summary>
    public required IReadOnlyList<KnownSecret> Own { get; init; }

    /// <summary>The secrets of the tenant's other endpoints.</summary>
    public required IReadOnlyList<KnownSecret> Others { get; init; }

    /// <summary>The event that the webhook id names; null if it names none.</summary>
    public EventId? EventId { get; init; }

    /// <summary>The payload of that event; null if it is not known.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>What may still be computed.</summary>
    public MacBudget Budget { get; } = new();

    /// <summary>Stripe's scheme.</summary>
    public required SchemeEvidence Stripe { get; init; }

    /// <summary>The Standard Webhooks scheme.</summary>
    public required SchemeEvidence Standard { get; init; }

    /// <summary>Both schemes, the one that covers the id first.</summary>
    public IEnumerable<SchemeEvidence> Schemes => [Standard, Stripe];

    /// <summary>Whether the body is the event's payload; null if that is not known.</summary>
    public bool? PayloadMatches =>
        Payload is { } payload ? payload.Span.SequenceEqual(Case.Body.Span) : null;

    /// <summary>
    /// Whether a signature by a secret of the tenant fits the body received, so that it is what was sent, whatever
    /// the webhook id says.
    /// </summary>
    public bool BodyIsSigned =>
        Schemes.Any(each => each.Match is { OverStored: false } && each.Comparable);

    /// <summary>Whether a scheme verifies, but for the time.</summary>
    public bool IsRight(SchemeEvidence scheme) =>
        scheme.FitsAsReceived
        && scheme.Match!.Secret.EndpointId == Case.EndpointId
        && scheme.Match.Secret.IsLiveAt(ReceivedAt);

    /// <summary>Whether the time that a scheme states is near enough.</summary>
    public bool IsInTime(SchemeEvidence scheme) =>
        scheme.Timestamp is { } time && (ReceivedAt - time).Duration() <= Case.Tolerance;

    /// <summary>The endpoint's secrets that signed when it was received.</summary>
    public IEnumerable<KnownSecret> Live => Own.Where(each => each.IsLiveAt(ReceivedAt));
}
