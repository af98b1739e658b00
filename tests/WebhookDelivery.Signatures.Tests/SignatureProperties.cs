using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Signatures.Tests;

public sealed class SignatureProperties
{
    private static readonly WebhookVerifier Both = Sample.Verifier(
        Sample.Secret,
        SchemePolicy.Both
    );
    private static readonly WebhookVerifier Stripe = Sample.Verifier(
        Sample.Secret,
        SchemePolicy.Stripe
    );
    private static readonly WebhookVerifier Standard = Sample.Verifier(
        Sample.Secret,
        SchemePolicy.StandardWebhooks
    );

    private static readonly Arbitrary<byte[]> Bodies = ArbMap.Default.ArbFor<byte[]>();
    private static readonly Arbitrary<string> Ids = Gen.Elements(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+/=,;:!~".ToCharArray()
        )
        .NonEmptyListOf()
        .Select(characters => new string([.. characters.Take(255)]))
        .ToArbitrary();

    // Keys of every length that signs both ways, and texts of every length that signs one way.
    private static readonly Arbitrary<SigningSecret> Secrets = Gen.OneOf(
            Gen.Choose(24, 64)
                .SelectMany(length => Gen.Choose(0, 255).ListOf(length))
                .Select(key => "whsec_" + Convert.ToBase64String([.. key.Select(b => (byte)b)])),
            Gen.Choose(16, 256)
                .SelectMany(length => Gen.Choose('!', '~').ListOf(length))
                .Select(text => new string([.. text.Select(c => (char)c)]))
        )
        .Select(Sample.Parse)
        .ToArbitrary();

    [Fact]
    public void SignThenVerify_AnySecretIdAndBody_Verifies() =>
        Prop.ForAll(
                Secrets,
                Ids,
                Bodies,
                (secret, id, body) =>
                {
                    var signed = WebhookSigner.Sign([secret], id, Sample.Now, body);
                    return Sample.Verifier(secret).Verify(Sample.AsReceived(signed), body)
                            is VerificationResult.Verified verified
                        && verified.Schemes == secret.Schemes;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_AnyBitOfTheBodyFlipped_Refuses() =>
        Prop.ForAll(
                Bodies.Filter(body => body.Length > 0),
                ArbMap.Default.ArbFor<NonNegativeInt>(),
                (body, bit) =>
                {
                    var headers = Sample.AsReceived(
                        WebhookSigner.Sign([Sample.Secret], Sample.Id, Sample.Now, body)
                    );
                    var flipped = Flip(body, bit.Get);
                    return Stripe.Verify(headers, body).IsVerified
                        && Standard.Verify(headers, body).IsVerified
                        && !Stripe.Verify(headers, flipped).IsVerified
                        && !Standard.Verify(headers, flipped).IsVerified;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_EachBitOfEachHeaderFlipped_Refuses()
    {
        var headers = Sample.Sign(Sample.Secret);
        Assert.True(Both.Verify(headers, Sample.Body).IsVerified);

        AssertEachFlipRefused(
            headers.StripeSignature!,
            text => Stripe.Verify(headers with { StripeSignature = text }, Sample.Body)
        );
        AssertEachFlipRefused(
            headers.WebhookId!,
            text => Standard.Verify(headers with { WebhookId = text }, Sample.Body)
        );
        AssertEachFlipRefused(
            headers.WebhookTimestamp!,
            text => Standard.Verify(headers with { WebhookTimestamp = text }, Sample.Body)
        );
        AssertEachFlipRefused(
            headers.WebhookSignature!,
            text => Standard.Verify(headers with { WebhookSignature = text }, Sample.Body)
        );
    }

    [Fact]
    public void Verify_AnotherSecret_Refuses() =>
        Prop.ForAll(
                Secrets,
                Secrets,
                (one, other) =>
                    one.Value == other.Value
                    || !Sample
                        .Verifier(other, SchemePolicy.Stripe)
                        .Verify(Sample.Sign(one), Sample.Body)
                        .IsVerified
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_ArbitraryHeaders_NeverThrowsAndNeverAccepts()
    {
        var hostile = Gen.OneOf(
                ArbMap.Default.ArbFor<string>().Generator,
                Gen.Elements("t=", "v1=", "v1,", ",", " ", "=", "1767268800", "\0", "\ud800", "==")
                    .ListOf()
                    .Select(string.Concat)
            )
            .ToArbitrary();

        Prop.ForAll(
                hostile,
                hostile,
                hostile,
                (one, two, three) =>
                {
                    var headers = new SignatureHeaders(one, two, three, one + three);
                    return !Both.Verify(headers, Sample.Body).IsVerified
                        && !Stripe.Verify(headers, Sample.Body).IsVerified
                        && !Sample.Verifier(Sample.Secret).Verify(headers, Sample.Body).IsVerified;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void AssertEachFlipRefused(string text, Func<string, VerificationResult> verify)
    {
        Assert.True(verify(text).IsVerified);
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = Encoding.Latin1.GetString(Flip(bytes, bit));
            Assert.False(verify(flipped).IsVerified, $"bit {bit} of {text}");
        }
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
