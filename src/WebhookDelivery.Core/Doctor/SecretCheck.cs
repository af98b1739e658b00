using System.Globalization;

namespace WebhookDelivery.Core;

/// <summary>Which secret made the signature, if not one that is live.</summary>
internal sealed class SecretCheck : ISignatureCheck
{
    private const string NotOfThePlatform =
        "Rotate the secret if somebody else may have signed this. If a signature of the platform was cut off or mixed up with another request's, take headers and body from one request.";

    public IEnumerable<SignatureFault> Find(Examination examination) =>
        examination
            .Schemes.Where(scheme => scheme.Comparable)
            .Select(scheme =>
                scheme.Match is { } match
                    ? Explain(examination, scheme, match.Secret)
                    : ExplainNone(examination, scheme)
            )
            .OfType<SignatureFault>();

    private static SignatureFault? Explain(
        Examination examination,
        SchemeEvidence scheme,
        KnownSecret secret
    )
    {
        if (secret.EndpointId != examination.Case.EndpointId)
        {
            var state = secret.IsLiveAt(examination.ReceivedAt) ? "" : ", one that has expired";
            return new SignatureFault(
                SignatureFaultCode.OtherEndpointSecret,
                scheme.Scheme,
                $"It was signed with a secret of your endpoint {secret.EndpointId}{state}.",
                "It was sent to that endpoint: the two share a URL or a route, or their secrets are mixed up. Verify each path with its own endpoint's secret."
            );
        }

        return secret.IsLiveAt(examination.ReceivedAt)
            ? null
            : new SignatureFault(
                SignatureFaultCode.OldSecret,
                scheme.Scheme,
                $"It was signed with a secret of this endpoint that expired at {Time(secret.ExpiresAt!.Value)}.",
                "It was signed before that time, or by somebody who still has the old secret. Redeliver the event: it is signed afresh with the current secret."
            );
    }

    private static SignatureFault? ExplainNone(Examination examination, SchemeEvidence scheme)
    {
        var untried = examination.Budget.IsSpent
            ? " Not every secret could be tried: there are too many for a body of this size."
            : "";
        if (examination.Schemes.Any(other => other != scheme && other.FitsAsReceived))
        {
            // The other scheme says that body and secret are good; the event's check tells of the id.
            return scheme == examination.Stripe
                ? new SignatureFault(
                    SignatureFaultCode.NoMatch,
                    scheme.Scheme,
                    "The other scheme's signature fits, this one does not: its header was changed, or is another attempt's.",
                    "Take all headers from one request."
                )
                : null;
        }

        return examination.Payload is null
            ? new SignatureFault(
                SignatureFaultCode.NoMatch,
                scheme.Scheme,
                $"No secret of yours, old ones included, made this signature over this body.{untried} What was sent is not known, so the body cannot be told from the secret as the cause.",
                "Give the header webhook-id of a webhook that came within the last days: its event's payload is compared with the body."
            )
            : new SignatureFault(
                SignatureFaultCode.UnknownSecret,
                scheme.Scheme,
                $"No secret of yours, those of your other endpoints and the last ones that expired included, made this signature over the event's payload.{untried}",
                NotOfThePlatform
            );
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
