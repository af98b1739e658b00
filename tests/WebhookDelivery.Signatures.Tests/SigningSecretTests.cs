using System.Text.Json;

namespace WebhookDelivery.Signatures.Tests;

public sealed class SigningSecretTests
{
    [Fact]
    public void Generate_Twice_GivesTwoSecretsOf32BytesThatSignBothWays()
    {
        var first = SigningSecret.Generate();
        var second = SigningSecret.Generate();

        Assert.NotEqual(first.Value, second.Value);
        Assert.StartsWith("whsec_", first.Value, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(first.Value["whsec_".Length..]).Length);
        Assert.True(first.SupportsStandardWebhooks);
        Assert.Equal(SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks, first.Schemes);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(25, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void TryParse_PrefixedBase64_SignsBothWaysFrom24To64Bytes(int bytes, bool both)
    {
        var text = "whsec_" + Convert.ToBase64String(new byte[bytes]);

        Assert.True(SigningSecret.TryParse(text, out var secret));
        Assert.Equal(both, secret.SupportsStandardWebhooks);
        Assert.Equal(text, secret.Value);
    }

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")] // no padding
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=")] // stray bits at the end
    [InlineData("whsec_AAECAwQFBgcICQoL DA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("whsec_AAECAwQFBgcICQoL-A0ODxAREhMUFRYXGBkaGxwdHh8=")] // base64url
    [InlineData("WHSEC_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("an old secret, kept")]
    public void TryParse_AnyOtherText_SignsStripeStyleOnly(string text)
    {
        Assert.True(SigningSecret.TryParse(text, out var secret));
        Assert.False(secret.SupportsStandardWebhooks);
        Assert.Equal(SignatureSchemes.Stripe, secret.Schemes);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void TryParse_Length_IsBoundedInclusively(int length, bool accepted) =>
        Assert.Equal(accepted, SigningSecret.TryParse(new string('k', length), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a secret with a\ttab")]
    [InlineData("a secret with a\nline")]
    [InlineData("a secret with \u00e9 in it")]
    [InlineData("a secret with \u007f in it")]
    [InlineData(" a secret with space around")]
    [InlineData("a secret with space around ")]
    public void TryParse_NotASecret_SaysWhyWithoutRepeatingIt(string? text)
    {
        Assert.False(SigningSecret.TryParse(text, out var secret, out var problem));
        Assert.Null(secret);
        Assert.StartsWith("A secret ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("space around ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_AndJson_NeverShowTheSecret()
    {
        var secret = SigningSecret.Generate();

        Assert.Equal("SigningSecret (Stripe, StandardWebhooks)", secret.ToString());
        Assert.DoesNotContain(
            secret.Value,
            JsonSerializer.Serialize(secret),
            StringComparison.Ordinal
        );
    }
}
