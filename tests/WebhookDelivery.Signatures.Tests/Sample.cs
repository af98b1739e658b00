namespace WebhookDelivery.Signatures.Tests;

/// <summary>A delivery that verifies, for tests that then change one thing.</summary>
internal static class Sample
{
    public const string Id = "evt_01JZ8QK4T5W6X7Y8Z9ABCDEFGH";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly byte[] Body = """{"type":"order.paid","n":1}"""u8.ToArray();
    public static readonly SigningSecret Secret = SigningSecret.Generate();
    public static readonly SigningSecret StripeOnly = Parse("an old secret, kept");

    public static SigningSecret Parse(string text) =>
        SigningSecret.TryParse(text, out var secret)
            ? secret
            : throw new ArgumentException("Not a secret.", nameof(text));

    public static SignatureHeaders Sign(params SigningSecret[] secrets) =>
        AsReceived(WebhookSigner.Sign(secrets, Id, Now, Body));

    public static SignatureHeaders AsReceived(SignedHeaders signed) =>
        new(
            signed.StripeSignature,
            signed.WebhookId,
            signed.WebhookTimestamp,
            signed.WebhookSignature
        );

    public static WebhookVerifier Verifier(
        SigningSecret secret,
        SchemePolicy policy = SchemePolicy.Automatic,
        TimeSpan later = default
    ) => new([secret], new WebhookVerifierOptions { Policy = policy }, new FixedTime(Now + later));
}
