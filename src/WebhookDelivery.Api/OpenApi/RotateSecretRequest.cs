using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>How to rotate a secret.</summary>
internal sealed record RotateSecretRequest
{
    /// <summary>How long the old secret signs too, 0 to 604,800; default 86,400, or 0 with forget_old.</summary>
    [Range(0, RotationFieldsValidator.OverlapSecondsMax)]
    public int? OverlapSeconds { get; init; }

    /// <summary>The new secret, of the same forms as when creating; generated if absent.</summary>
    public string? Secret { get; init; }

    /// <summary>
    /// True to keep nothing of the secrets before the new one. Otherwise the last three that expired are
    /// kept, encrypted, for 30 days: they never sign, and POST /v1/signature/verify knows them again.
    /// </summary>
    public bool? ForgetOld { get; init; }
}
