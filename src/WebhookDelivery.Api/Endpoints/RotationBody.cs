namespace WebhookDelivery.Api;

/// <summary>The answer to a rotation of an endpoint's secret.</summary>
internal sealed record RotationBody
{
    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The new secret, shown this once.</summary>
    public required string Secret { get; init; }

    /// <summary>How webhooks are signed with it: stripe, standard_webhooks.</summary>
    public required IReadOnlyList<string> Signatures { get; init; }

    /// <summary>Until when the secret before it signs too; null if it does not.</summary>
    public required DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    /// <summary>The endpoint's version after the rotation.</summary>
    public required int Version { get; init; }
}
