using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// Finds what a signature was made with: it tries secrets over bodies, whatever the time. It tells which
/// fits and nothing else; no signature ever leaves it.
/// </summary>
internal sealed class SignatureSearch(
    IReadOnlyList<KnownSecret> own,
    IReadOnlyList<KnownSecret> others,
    ReadOnlyMemory<byte> body,
    ReadOnlyMemory<byte>? payload,
    MacBudget budget
)
{
    /// <summary>The most likely first: own secrets, then headers put right, then other endpoints' secrets.</summary>
    public SignatureMatch? Find(SignatureSchemes scheme, SignatureHeaders headers) =>
        FindAs(scheme, headers, own, AlteredHeader.None)
        ?? FindAltered(scheme, headers)
        ?? FindAs(scheme, headers, others, AlteredHeader.None);

    private SignatureMatch? FindAs(
        SignatureSchemes scheme,
        SignatureHeaders headers,
        IReadOnlyList<KnownSecret> secrets,
        AlteredHeader altered
    )
    {
        if (Fits(scheme, headers, secrets, body.Span) is { } secret)
        {
            return new SignatureMatch(secret, OverStored: false, altered);
        }

        return
            payload is { } stored
            && !stored.Span.SequenceEqual(body.Span)
            && Fits(scheme, headers, secrets, stored.Span) is { } other
            ? new SignatureMatch(other, OverStored: true, altered)
            : null;
    }

    /// <summary>The timestamp of the other scheme, which is signed at the same time; then other spellings of the id.</summary>
    private SignatureMatch? FindAltered(SignatureSchemes scheme, SignatureHeaders headers)
    {
        var stripeTime = HeaderForms.StripeTimeText(headers.StripeSignature);
        if (scheme == SignatureSchemes.Stripe)
        {
            return
                HeaderForms.ReadTime(headers.WebhookTimestamp) is not null
                && stripeTime != headers.WebhookTimestamp
                ? FindAs(scheme, WithStripeTime(headers), own, AlteredHeader.Timestamp)
                : null;
        }

        SignatureMatch? match = null;
        if (HeaderForms.ReadTime(stripeTime) is not null && stripeTime != headers.WebhookTimestamp)
        {
            var timed = headers with { WebhookTimestamp = stripeTime };
            match = FindAs(scheme, timed, own, AlteredHeader.Timestamp);
        }

        foreach (var id in OtherSpellings(headers.WebhookId!))
        {
            match ??= FindAs(scheme, headers with { WebhookId = id }, own, AlteredHeader.Id);
        }

        return match;
    }

    private KnownSecret? Fits(
        SignatureSchemes scheme,
        SignatureHeaders headers,
        IReadOnlyList<KnownSecret> secrets,
        ReadOnlySpan<byte> content
    )
    {
        foreach (var known in secrets)
        {
            if (
                known.Secret.Schemes.HasFlag(scheme)
                && budget.TryTake(content.Length)
                && Fits(scheme, headers, known.Secret, content)
            )
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Whether a secret made one of the header's signatures, at whatever time.</summary>
    public static bool Fits(
        SignatureSchemes scheme,
        SignatureHeaders headers,
        SigningSecret secret,
        ReadOnlySpan<byte> content
    ) =>
        (
            scheme == SignatureSchemes.Stripe
                ? StripeSignature.Verify(
                    [secret],
                    headers.StripeSignature,
                    content,
                    DateTimeOffset.UnixEpoch,
                    TimeSpan.MaxValue
                )
                : StandardWebhooksSignature.Verify(
                    [secret],
                    headers,
                    content,
                    DateTimeOffset.UnixEpoch,
                    TimeSpan.MaxValue
                )
        ).IsVerified;

    private static SignatureHeaders WithStripeTime(SignatureHeaders headers)
    {
        var items = headers
            .StripeSignature!.Split(',')
            .Where(each => !each.StartsWith("t=", StringComparison.Ordinal))
            .Prepend("t=" + headers.WebhookTimestamp);
        return headers with { StripeSignature = string.Join(',', items) };
    }

    /// <summary>What receivers make of an id: without its prefix, or in upper case.</summary>
    private static IEnumerable<string> OtherSpellings(string id)
    {
        var bare = id.StartsWith(EventId.Prefix, StringComparison.OrdinalIgnoreCase)
            ? id[EventId.Prefix.Length..]
            : id;
        string[] spellings = [EventId.Prefix + bare, EventId.Prefix + bare.ToLowerInvariant()];
        return spellings
            .Where(each => each != id && EventId.TryParse(each, out _))
            .Distinct(StringComparer.Ordinal);
    }
}
