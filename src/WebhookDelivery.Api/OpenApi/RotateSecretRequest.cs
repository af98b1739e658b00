using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>How to rotate a secret.</summary>
internal sealed record RotateSecretRequest
{
    /// <summary>How long the old secret signs too, 0 to 604,800; default 86,400.</summary>
    [Range(0, RotationFieldsValidator.OverlapSecondsMax)]
    public int? OverlapSeconds { get; init; }

    /// <summary>The new secret, of the same forms as when creating; generated if absent.</summary>
    public string? Secret { get; init; }
}
