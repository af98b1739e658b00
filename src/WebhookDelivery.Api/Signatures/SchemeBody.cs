using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>How one scheme fares.</summary>
internal sealed record SchemeBody
{
    /// <summary>Whether the endpoint's secrets sign this way.</summary>
    public required bool Expected { get; init; }

    /// <summary>Whether its signature header is there.</summary>
    public required bool Present { get; init; }

    /// <summary>Whether it verifies: there, right, by a live secret, in time.</summary>
    public required bool Valid { get; init; }

    /// <summary>The first of the faults that concern it; null if it is valid or not there.</summary>
    [OneOf(typeof(SignatureFaultCode))]
    public required string? Fault { get; init; }

    public static SchemeBody Of(SchemeDiagnosis scheme) =>
        new()
        {
            Expected = scheme.Expected,
            Present = scheme.Present,
            Valid = scheme.Valid,
            Fault = scheme.Fault?.ToCode(),
        };
}
