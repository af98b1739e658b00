namespace WebhookDelivery.Signatures;

/// <summary>What came of verifying a request: <see cref="Verified"/>, or one of the refusals.</summary>
/// <remarks>A closed hierarchy; no member ever holds a secret or a signature.</remarks>
public abstract record VerificationResult
{
    private VerificationResult() { }

    /// <summary>Whether the request is authentic.</summary>
    public bool IsVerified => this is Verified;

    /// <summary>The request was signed with one of the secrets, within the tolerance.</summary>
    /// <param name="Schemes">The schemes whose signatures were verified; at least one.</param>
    /// <param name="Timestamp">The signed time of this attempt, in whole seconds, UTC.</param>
    /// <param name="SignedWebhookId">
    /// The webhook id if its signature was verified; <see langword="null"/> if only the Stripe
    /// scheme was, which does not cover the id.
    /// </param>
    public sealed record Verified(
        SignatureSchemes Schemes,
        DateTimeOffset Timestamp,
        string? SignedWebhookId
    ) : VerificationResult;

    /// <summary>A header that is needed is absent or empty.</summary>
    /// <param name="Header">Its name.</param>
    public sealed record MissingHeader(string Header) : VerificationResult;

    /// <summary>A header is not of its scheme's form.</summary>
    /// <param name="Header">Its name.</param>
    /// <param name="Problem">What is wrong, in words that repeat none of the value.</param>
    public sealed record MalformedHeader(string Header, string Problem) : VerificationResult;

    /// <summary>The timestamp is too far from now, past or future: a replay, or a wrong clock.</summary>
    /// <param name="Header">The header that carries the timestamp.</param>
    /// <param name="Timestamp">The time it states (not verified), UTC.</param>
    /// <param name="Now">The time it was compared with.</param>
    public sealed record TimestampOutOfTolerance(
        string Header,
        DateTimeOffset Timestamp,
        DateTimeOffset Now
    ) : VerificationResult;

    /// <summary>None of the header's signatures was made with one of the secrets over this request.</summary>
    /// <param name="Header">The name of the header that holds the signatures.</param>
    public sealed record NoMatch(string Header) : VerificationResult;
}
