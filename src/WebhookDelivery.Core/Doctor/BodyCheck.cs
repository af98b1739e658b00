namespace WebhookDelivery.Core;

/// <summary>Whether the body is what was sent, and what became of it if not.</summary>
internal sealed class BodyCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        // What is signed over this very body is what was sent, whatever event the webhook id names.
        if (examination.BodyIsSigned || examination.PayloadMatches != false)
        {
            return
                examination.Case.Body.IsEmpty
                && examination.Payload is null
                && !examination.BodyIsSigned
                ? [Empty(null)]
                : [];
        }

        var payload = examination.Payload!.Value;
        if (examination.Case.Body.IsEmpty)
        {
            return [Empty(payload.Length)];
        }

        var comparison = BodyComparison.Of(payload, examination.Case.Body);
        return
        [
            comparison.Rewriting is null
                ? Changed(comparison, examination)
                : Reserialised(comparison),
        ];
    }

    private static SignatureFault Empty(int? sentBytes) =>
        new(
            SignatureFaultCode.BodyEmpty,
            null,
            sentBytes is { } bytes
                ? $"The body is empty; {bytes} bytes were sent."
                : "The body is empty; an event's payload never is.",
            "Something read the body before your verification did: take the raw bytes before any parser, and let middleware buffer them."
        );

    private static SignatureFault Reserialised(BodyComparison comparison) =>
        new(
            SignatureFaultCode.BodyReserialised,
            null,
            $"The body is the same JSON as was sent, in other bytes. It differs in: {comparison.Ways()}; first at byte {comparison.DiffersAt} (from 0).",
            "Verify over the raw bytes of the request, before anything parses and writes them again."
        );

    private static SignatureFault Changed(BodyComparison comparison, Examination examination)
    {
        var over = examination.Schemes.Any(each => each.Match is { OverStored: true })
            ? "The signature fits the payload as it was sent."
            : "The signature fits neither the body nor the event's payload: the headers may be another webhook's.";
        return new SignatureFault(
            SignatureFaultCode.BodyChanged,
            null,
            $"The body is not the payload that was sent; it differs first at byte {comparison.DiffersAt} (from 0). {comparison.Cause ?? ""}".TrimEnd()
                + " "
                + over,
            "Compare it with GET /v1/events/{event_id}/payload. If headers and body are of one request, something on the way changed the body."
        );
    }
}
