namespace WebhookDelivery.Core;

/// <summary>What the doctor found.</summary>
public sealed record SignatureDiagnosis
{
    /// <summary>
    /// Whether the webhook is good: signed, whole and in time under every scheme that is there. What is wrong
    /// with the receiver's own secret or computation takes nothing from that.
    /// </summary>
    public required bool Valid { get; init; }

    /// <summary>How Stripe-Signature fares.</summary>
    public required SchemeDiagnosis Stripe { get; init; }

    /// <summary>How webhook-signature fares.</summary>
    public required SchemeDiagnosis StandardWebhooks { get; init; }

    /// <summary>Everything that is wrong, what explains most first.</summary>
    public required IReadOnlyList<SignatureFault> Faults { get; init; }

    /// <summary>The event that the webhook id names; null if it names none.</summary>
    public EventEvidence? Event { get; init; }
}
