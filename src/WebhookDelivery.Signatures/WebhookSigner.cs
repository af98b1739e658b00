namespace WebhookDelivery.Signatures;

/// <summary>Signs a delivery attempt both ways: what a producer calls before each POST.</summary>
/// <remarks>
/// Pure and thread-safe. The body is read in place, once per signature, never copied; what is
/// allocated is the strings returned.
/// </remarks>
public static class WebhookSigner
{
    /// <summary>Signs an attempt with every live secret of an endpoint.</summary>
    /// <param name="secrets">
    /// The live secrets, at least one, in the order their signatures shall have: the current one,
    /// then those still overlapping after a rotation. Pass kept instances, not fresh ones: a
    /// <see cref="SigningSecret"/> keeps the hash states that make the next call cheaper.
    /// </param>
    /// <param name="webhookId">
    /// The event's id, the same for every attempt, as in
    /// <see cref="StandardWebhooksSignature.IsValidId"/>.
    /// </param>
    /// <param name="timestamp">The time of this attempt; its whole seconds are signed.</param>
    /// <param name="body">The exact bytes sent; may be empty.</param>
    /// <returns>The headers' values.</returns>
    /// <exception cref="ArgumentException">No secret, an impossible id, or a time before 1970.</exception>
    public static SignedHeaders Sign(
        ReadOnlySpan<SigningSecret> secrets,
        string webhookId,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body
    )
    {
        var seconds = UnixSeconds.Format(timestamp);
        return new SignedHeaders(
            StripeSignature.Sign(secrets, seconds, body),
            webhookId,
            seconds,
            StandardWebhooksSignature.Sign(secrets, webhookId, seconds, body)
        );
    }
}
