using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>Whether the headers are there, once each, and in their form.</summary>
internal sealed class HeaderCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        foreach (var name in Missing(examination))
        {
            yield return new SignatureFault(
                SignatureFaultCode.MissingHeader,
                HeaderForms.SchemeOf(name),
                $"The header {name} is absent or empty.",
                "The platform sends it with every attempt. Look for a proxy, gateway or framework that drops headers it does not know, and for its name in your code."
            );
        }

        foreach (var name in ReceivedHeaders.Names)
        {
            if (examination.Headers.Count(name) > 1)
            {
                yield return Duplicate(name, examination.Headers.Count(name));
            }
            else if (
                examination.Headers.Raw(name) is { } raw
                && HasWrapping(raw, examination, name)
            )
            {
                yield return HeaderForms.Malformed(
                    name,
                    "It has white space or quotes around its value."
                );
            }
        }

        foreach (var scheme in examination.Schemes)
        {
            if (scheme.FormFault is { } fault)
            {
                yield return fault;
            }
        }
    }

    /// <summary>
    /// A receiver may look at one scheme alone and give nothing of the other. But of the Standard Webhooks headers
    /// all three are needed, and where none that signs is there at all, every one is missing.
    /// </summary>
    private static IEnumerable<string> Missing(Examination examination)
    {
        var headers = examination.Headers.Signing;
        var (standard, stripe) = (examination.Standard, examination.Stripe);
        var isStarted = headers.WebhookId is not null || headers.WebhookTimestamp is not null;
        if (!standard.Present && standard.Expected && (isStarted || !stripe.Present))
        {
            yield return StandardWebhooksSignature.SignatureHeaderName;
        }

        if (standard.Present && headers.WebhookId is null)
        {
            yield return StandardWebhooksSignature.IdHeaderName;
        }

        if (standard.Present && headers.WebhookTimestamp is null)
        {
            yield return StandardWebhooksSignature.TimestampHeaderName;
        }

        if (!stripe.Present && !standard.Present)
        {
            yield return StripeSignature.HeaderName;
        }
    }

    private static bool HasWrapping(string raw, Examination examination, string name) =>
        examination.Headers.Value(name) is { } value && value.Length != raw.Length;

    private static SignatureFault Duplicate(string name, int count) =>
        new(
            SignatureFaultCode.DuplicateHeader,
            HeaderForms.SchemeOf(name),
            $"The header {name} is there {count} times, by itself or joined by commas; the platform sends it once.",
            "Something between the platform and your code adds it again, or joins two requests. Verify the first value only once you know which one is the platform's."
        );
}
