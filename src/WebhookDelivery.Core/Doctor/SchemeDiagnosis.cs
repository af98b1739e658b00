namespace WebhookDelivery.Core;

/// <summary>How one scheme fares.</summary>
/// <param name="Expected">Whether the endpoint's secrets sign this way.</param>
/// <param name="Present">Whether its signature header is there.</param>
/// <param name="Valid">Whether it verifies: present, right, by a live secret, in time.</param>
/// <param name="Fault">The first of the faults that concern it; null if it is valid or not there.</param>
public sealed record SchemeDiagnosis(
    bool Expected,
    bool Present,
    bool Valid,
    SignatureFaultCode? Fault
);
