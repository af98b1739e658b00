using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to rotate a secret, as far as they could be read.</summary>
internal sealed record RotationFields
{
    public const int OverlapSecondsDefault = 86_400;

    public Optional<int?> OverlapSeconds { get; init; }

    public Optional<string?> Secret { get; init; }

    public TimeSpan Overlap => TimeSpan.FromSeconds(OverlapSeconds.Value ?? OverlapSecondsDefault);

    public static RotationFields Read(Fields fields) =>
        new()
        {
            OverlapSeconds = fields.Integer("overlap_seconds"),
            Secret = fields.Text("secret"),
        };
}
