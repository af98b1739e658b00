using System.Text.Json.Serialization;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What the signature doctor found.</summary>
internal sealed record DiagnosisBody
{
    /// <summary>Whether the webhook is good under every scheme that is there, whatever the receiver has configured.</summary>
    public required bool Valid { get; init; }

    /// <summary>How each scheme fares.</summary>
    public required SchemesBody Schemes { get; init; }

    /// <summary>Everything that is wrong, the most useful first.</summary>
    public required IReadOnlyList<SignatureFaultBody> Faults { get; init; }

    /// <summary>The event that the header webhook-id names; absent if it names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventEvidenceBody? Event { get; init; }

    public static DiagnosisBody Of(SignatureDiagnosis diagnosis) =>
        new()
        {
            Valid = diagnosis.Valid,
            Schemes = new SchemesBody(
                SchemeBody.Of(diagnosis.Stripe),
                SchemeBody.Of(diagnosis.StandardWebhooks)
            ),
            Faults = [.. diagnosis.Faults.Select(SignatureFaultBody.Of)],
            Event = diagnosis.Event is { } evidence
                ? new EventEvidenceBody(
                    evidence.EventId.ToString(),
                    evidence.Known,
                    evidence.PayloadMatches
                )
                : null,
        };
}
