using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to rotate a secret, as far as they could be read.</summary>
internal sealed record RotationFields
{
    public const int OverlapSecondsDefault = 86_400;

    public Optional<int?> OverlapSeconds { get; init; }

    public Optional<string?> Secret { get; init; }

    public Optional<bool?> ForgetOld { get; init; }

    /// <summary>Whether nothing is kept of the secrets before the new one.</summary>
    public bool Forgets => ForgetOld.Value ?? false;

    public TimeSpan Overlap =>
        TimeSpan.FromSeconds(OverlapSeconds.Value ?? (Forgets ? 0 : OverlapSecondsDefault));

    public static RotationFields Read(Fields fields) =>
        new()
        {
            OverlapSeconds = fields.Integer("overlap_seconds"),
            Secret = fields.Text("secret"),
            ForgetOld = fields.Flag("forget_old"),
        };
}
