using System.Globalization;

namespace WebhookDelivery.Core;

/// <summary>Whether the time of signing is near enough to the time of receipt.</summary>
internal sealed class TimestampCheck : ISignatureCheck
{
    public IEnumerable<SignatureFault> Find(Examination examination)
    {
        foreach (var scheme in examination.Schemes)
        {
            if (scheme.Timestamp is { } time && scheme.Present && !examination.IsInTime(scheme))
            {
                yield return Explain(examination, scheme, time);
            }
        }
    }

    private static SignatureFault Explain(
        Examination examination,
        SchemeEvidence scheme,
        DateTimeOffset time
    )
    {
        var apart = (examination.ReceivedAt - time).Duration();
        var isAhead = time > examination.ReceivedAt;
        var signature = examination.IsRight(scheme)
            ? "The signature itself is right."
            : "The signature itself is not right either.";
        var detail =
            $"It was signed {Seconds(apart)} s {(isAhead ? "after" : "before")} it was received, "
            + $"{Seconds(apart - examination.Case.Tolerance)} s more than the tolerance of "
            + $"{Seconds(examination.Case.Tolerance)} s. {signature}";
        return new SignatureFault(
            isAhead ? SignatureFaultCode.TimestampInFuture : SignatureFaultCode.TimestampTooOld,
            scheme.Scheme,
            detail,
            isAhead
                ? "Your receiver's clock is behind: synchronise it (NTP)."
                : "If you ask later than it came, give received_at. Otherwise your receiver's clock is ahead, or the request waited in a queue before it was verified: verify on receipt."
        );
    }

    private static string Seconds(TimeSpan span) =>
        span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
