using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>Whether the webhook id and the timestamps are the ones that were signed.</summary>
internal sealed class EventCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        foreach (var scheme in examination.Schemes)
        {
            if (scheme.Match is { Altered: AlteredHeader.Timestamp })
            {
                yield return WrongTime(scheme.Scheme);
            }
        }

        var standard = examination.Standard;
        if (!standard.Comparable || standard.Match is { Altered: not AlteredHeader.Id })
        {
            yield break;
        }

        if (standard.Match is not null)
        {
            yield return Wrong(
                "The signature fits once the id is spelt as the platform spells it: evt_ and 26 characters in lower case."
            );
        }
        else if (examination.EventId is null)
        {
            yield return Wrong("It is not the form of the platform's ids.");
        }
        else if (examination.Payload is null)
        {
            yield return Unknown();
        }
        else if (examination.Stripe.Match is { OverStored: false })
        {
            yield return Wrong(
                examination.PayloadMatches == true
                    ? "Stripe-Signature fits the body, webhook-signature does not: the id or that header is of another webhook with the same payload."
                    : "Stripe-Signature fits the body, and the event that the id names has another payload."
            );
        }
    }

    private static SignatureFault Wrong(string why) =>
        new(
            SignatureFaultCode.WrongEventId,
            SignatureSchemes.StandardWebhooks,
            $"The header {StandardWebhooksSignature.IdHeaderName} is not the id that was signed. {why}",
            "Sign over the id just as it came; take all headers and the body from one request."
        );

    private static SignatureFault WrongTime(SignatureSchemes scheme) =>
        new(
            SignatureFaultCode.WrongTimestamp,
            scheme,
            "The timestamp is not the one that was signed: with the other scheme's timestamp the signature fits.",
            "Every attempt is signed afresh: take all headers from one attempt, and the timestamp just as it came."
        );

    private static SignatureFault Unknown() =>
        new(
            SignatureFaultCode.UnknownEvent,
            SignatureSchemes.StandardWebhooks,
            "You have no event of this id, or have it no more.",
            "The id was changed, the event has expired, or the webhook is not one of yours: compare the id with your list of events."
        );
}
