namespace WebhookDelivery.Signatures.Tests;

public sealed class WebhookVerifierTests
{
    [Theory]
    [InlineData(
        SchemePolicy.Automatic,
        SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks
    )]
    [InlineData(SchemePolicy.Both, SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks)]
    [InlineData(SchemePolicy.Stripe, SignatureSchemes.Stripe)]
    [InlineData(SchemePolicy.StandardWebhooks, SignatureSchemes.StandardWebhooks)]
    public void Verify_GenuineDelivery_SaysWhatWasVerified(
        SchemePolicy policy,
        SignatureSchemes schemes
    )
    {
        var result = Sample
            .Verifier(Sample.Secret, policy)
            .Verify(Sample.Sign(Sample.Secret), Sample.Body);

        var verified = Assert.IsType<VerificationResult.Verified>(result);
        Assert.Equal(schemes, verified.Schemes);
        Assert.Equal(Sample.Now, verified.Timestamp);
        Assert.Equal(
            schemes.HasFlag(SignatureSchemes.StandardWebhooks) ? Sample.Id : null,
            verified.SignedWebhookId
        );
    }

    [Fact]
    public void Verify_IdSignatureStrippedFromASecretThatSupportsIt_Refuses()
    {
        var stripped = Sample.Sign(Sample.Secret) with
        {
            WebhookSignature = null,
            WebhookId = "evt_x",
        };

        Assert.Equal(
            new VerificationResult.MissingHeader("webhook-signature"),
            Sample.Verifier(Sample.Secret).Verify(stripped, Sample.Body)
        );
        Assert.True(
            Sample
                .Verifier(Sample.Secret, SchemePolicy.Stripe)
                .Verify(stripped, Sample.Body)
                .IsVerified
        );
    }

    [Fact]
    public void Verify_OneSchemeRightTheOtherWrong_Refuses()
    {
        var good = Sample.Sign(Sample.Secret);
        var other = Sample.Sign(SigningSecret.Generate());

        Assert.Equal(
            new VerificationResult.NoMatch("Stripe-Signature"),
            Sample
                .Verifier(Sample.Secret)
                .Verify(good with { StripeSignature = other.StripeSignature }, Sample.Body)
        );
        Assert.Equal(
            new VerificationResult.NoMatch("webhook-signature"),
            Sample
                .Verifier(Sample.Secret)
                .Verify(good with { WebhookSignature = other.WebhookSignature }, Sample.Body)
        );
    }

    [Fact]
    public void Verify_WhileASecretIsRotated_AcceptsOldNewAndBoth()
    {
        var next = SigningSecret.Generate();
        var verifier = new WebhookVerifier([Sample.Secret, next], null, new FixedTime(Sample.Now));

        Assert.True(verifier.Verify(Sample.Sign(Sample.Secret), Sample.Body).IsVerified);
        Assert.True(verifier.Verify(Sample.Sign(next), Sample.Body).IsVerified);
        Assert.True(verifier.Verify(Sample.Sign(Sample.Secret, next), Sample.Body).IsVerified);
        Assert.True(
            Sample.Verifier(next).Verify(Sample.Sign(Sample.Secret, next), Sample.Body).IsVerified
        );
        Assert.False(
            verifier.Verify(Sample.Sign(SigningSecret.Generate()), Sample.Body).IsVerified
        );
    }

    [Fact]
    public void Verify_RotationBetweenTheTwoKindsOfSecret_AcceptsEither()
    {
        var verifier = new WebhookVerifier(
            [Sample.Secret, Sample.StripeOnly],
            null,
            new FixedTime(Sample.Now)
        );

        Assert.True(verifier.Verify(Sample.Sign(Sample.StripeOnly), Sample.Body).IsVerified);
        Assert.True(verifier.Verify(Sample.Sign(Sample.Secret), Sample.Body).IsVerified);
        Assert.True(
            verifier.Verify(Sample.Sign(Sample.StripeOnly, Sample.Secret), Sample.Body).IsVerified
        );
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void Verify_Tolerance_IsFiveMinutesEitherWayInclusive(int secondsLater, bool accepted)
    {
        var later = TimeSpan.FromSeconds(secondsLater);
        foreach (var policy in new[] { SchemePolicy.Stripe, SchemePolicy.StandardWebhooks })
        {
            var result = Sample
                .Verifier(Sample.Secret, policy, later)
                .Verify(Sample.Sign(Sample.Secret), Sample.Body);

            Assert.Equal(accepted, result.IsVerified);
            Assert.Equal(!accepted, result is VerificationResult.TimestampOutOfTolerance);
        }
    }

    [Fact]
    public void Verify_NothingSigned_NamesTheMissingHeader()
    {
        Assert.Equal(
            new VerificationResult.MissingHeader("webhook-signature"),
            Sample.Verifier(Sample.Secret).Verify(default, Sample.Body)
        );
        Assert.Equal(
            new VerificationResult.MissingHeader("Stripe-Signature"),
            Sample.Verifier(Sample.StripeOnly).Verify(default, Sample.Body)
        );
        Assert.Equal(
            new VerificationResult.MissingHeader("webhook-id"),
            Sample
                .Verifier(Sample.Secret)
                .Verify(Sample.Sign(Sample.Secret) with { WebhookId = "" }, Sample.Body)
        );
    }

    [Theory]
    [InlineData("t")]
    [InlineData("v1=00")]
    [InlineData("t=1,t=1,v1=00")]
    [InlineData("t=,v1=00")]
    [InlineData("t=-1,v1=00")]
    [InlineData("t=+1,v1=00")]
    [InlineData("t= 1,v1=00")]
    [InlineData("t=1.5,v1=00")]
    [InlineData("t=253402300800,v1=00")]
    [InlineData("t=99999999999999999999999999,v1=00")]
    [InlineData("t=1767268800")]
    [InlineData("t=1767268800,v0=00")]
    public void Verify_StripeHeaderOfAnotherForm_IsMalformed(string header) =>
        Assert.IsType<VerificationResult.MalformedHeader>(
            Sample
                .Verifier(Sample.StripeOnly)
                .Verify(new SignatureHeaders(header, null, null, null), Sample.Body)
        );

    [Theory]
    [InlineData("evt.1", "1767268800", "v1,AAAA", "webhook-id")]
    [InlineData("evt 1", "1767268800", "v1,AAAA", "webhook-id")]
    [InlineData("evt_1", "now", "v1,AAAA", "webhook-timestamp")]
    [InlineData("evt_1", "-1", "v1,AAAA", "webhook-timestamp")]
    [InlineData("evt_1", "1767268800", "v2,AAAA", "webhook-signature")]
    [InlineData("evt_1", "1767268800", "AAAA", "webhook-signature")]
    public void Verify_StandardHeaderOfAnotherForm_IsMalformed(
        string id,
        string timestamp,
        string signature,
        string header
    ) =>
        Assert.Equal(
            header,
            Assert
                .IsType<VerificationResult.MalformedHeader>(
                    Sample
                        .Verifier(Sample.Secret)
                        .Verify(new SignatureHeaders(null, id, timestamp, signature), Sample.Body)
                )
                .Header
        );

    [Fact]
    public void Verify_OversizedHeaders_AreMalformed()
    {
        var good = Sample.Sign(Sample.Secret);
        var padding = new string('0', 5000);

        Assert.IsType<VerificationResult.MalformedHeader>(
            Sample
                .Verifier(Sample.Secret)
                .Verify(
                    good with
                    {
                        WebhookSignature = good.WebhookSignature + " v1," + padding,
                    },
                    Sample.Body
                )
        );
        Assert.IsType<VerificationResult.MalformedHeader>(
            Sample
                .Verifier(Sample.Secret, SchemePolicy.Stripe)
                .Verify(
                    good with
                    {
                        StripeSignature = good.StripeSignature + ",v1=" + padding,
                    },
                    Sample.Body
                )
        );
    }

    [Fact]
    public void Verify_UnknownVersionsBesideTheRightOne_AreIgnored()
    {
        var good = Sample.Sign(Sample.Secret);

        var result = Sample
            .Verifier(Sample.Secret, SchemePolicy.Both)
            .Verify(
                good with
                {
                    StripeSignature = good.StripeSignature + ",v0=abc,v2=def",
                    WebhookSignature = "v1a,AAAA " + good.WebhookSignature,
                },
                Sample.Body
            );

        Assert.True(result.IsVerified);
    }

    [Fact]
    public void Constructor_SettingsThatCannotWork_Throws()
    {
        Assert.Throws<ArgumentException>(() => new WebhookVerifier([]));
        Assert.Throws<ArgumentException>(() =>
            Sample.Verifier(Sample.StripeOnly, SchemePolicy.StandardWebhooks)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new WebhookVerifier(
                [Sample.Secret],
                new WebhookVerifierOptions { Tolerance = TimeSpan.FromSeconds(-1) }
            )
        );
    }
}
