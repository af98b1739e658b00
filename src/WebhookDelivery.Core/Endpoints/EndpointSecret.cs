namespace WebhookDelivery.Core;

/// <summary>One signing secret of an endpoint, sealed.</summary>
/// <param name="Value">The sealed secret; its version is the secret's own, from 1.</param>
/// <param name="ExpiresAt">When it stops signing, exclusive, which may be over; null for the current one.</param>
public sealed record EndpointSecret(SealedValue Value, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// True once a change of the endpoint found it expired: it never signs again, whatever a clock that is
    /// behind or was set back says. It is kept to recognise its signatures by.
    /// </summary>
    public bool Retired { get; init; }
}
