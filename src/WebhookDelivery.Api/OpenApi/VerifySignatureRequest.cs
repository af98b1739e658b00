using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>A webhook that a receiver could not verify.</summary>
internal sealed record VerifySignatureRequest
{
    /// <summary>The endpoint that it came to.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The headers as the receiver got them, at most 64, in any case; a value is a string or an array of strings.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as text in UTF-8; or give body_base64, which no JSON library can change.</summary>
    public string? Body { get; init; }

    /// <summary>The body's bytes in base64.</summary>
    public string? BodyBase64 { get; init; }

    /// <summary>When the receiver got it; default now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The secret that the receiver has configured, at most 1,024 characters.</summary>
    [MaxLength(VerificationFieldsValidator.TextLengthMax)]
    public string? Secret { get; init; }

    /// <summary>The signature that the receiver computed, in hex or base64.</summary>
    [MaxLength(VerificationFieldsValidator.TextLengthMax)]
    public string? ComputedSignature { get; init; }

    /// <summary>How far the timestamp may be from received_at, either way; default 300.</summary>
    [Range(0, VerificationFieldsValidator.ToleranceSecondsMax)]
    public int? ToleranceSeconds { get; init; }
}
