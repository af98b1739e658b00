using System.Text.Json.Serialization;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>One thing that is wrong.</summary>
internal sealed record SignatureFaultBody
{
    /// <summary>What it is, for programs.</summary>
    [OneOf(typeof(SignatureFaultCode))]
    public required string Code { get; init; }

    /// <summary>The scheme that it concerns; absent if both.</summary>
    [OneOf("stripe", "standard_webhooks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scheme { get; init; }

    /// <summary>What was found, in sentences for people.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Hint { get; init; }

    public static SignatureFaultBody Of(SignatureFault fault) =>
        new()
        {
            Code = fault.Code.ToCode(),
            Scheme = fault.Scheme switch
            {
                SignatureSchemes.Stripe => "stripe",
                SignatureSchemes.StandardWebhooks => "standard_webhooks",
                _ => null,
            },
            Detail = fault.Detail,
            Hint = fault.Hint,
        };
}
