namespace WebhookDelivery.Signatures;

/// <summary>The settings of a <see cref="WebhookVerifier"/>.</summary>
public sealed record WebhookVerifierOptions
{
    /// <summary>
    /// How far a signed timestamp may be from now, past or future, inclusive. Default: 5 minutes,
    /// as Stripe's and the Standard Webhooks libraries have it. Not negative.
    /// </summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which signatures are asked for. Default: <see cref="SchemePolicy.Automatic"/>.</summary>
    public SchemePolicy Policy { get; init; }
}
