namespace WebhookDelivery.Core.Tests;

public sealed class HeaderCheckTests
{
    [Fact]
    public void Find_WholeWebhook_FindsNothingAndAllIsValid()
    {
        var diagnosis = new DoctorRig().Diagnose();

        Assert.Empty(diagnosis.Faults);
        Assert.True(diagnosis.Valid);
        Assert.Equal(new SchemeDiagnosis(true, true, true, null), diagnosis.Stripe);
        Assert.Equal(new SchemeDiagnosis(true, true, true, null), diagnosis.StandardWebhooks);
        Assert.Equal(new EventEvidence(Sample.EventId(1), true, true), diagnosis.Event);
    }

    [Theory]
    [InlineData("webhook-id", null)]
    [InlineData("webhook-id", "")]
    [InlineData("webhook-timestamp", " ")]
    [InlineData("webhook-signature", null)]
    public void Find_AHeaderOfThreeIsMissing_NamesIt(string name, string? value)
    {
        var diagnosis = DoctorRig.With(name, value).Diagnose();

        Assert.Equal(SignatureFaultCode.MissingHeader, diagnosis.Faults[0].Code);
        Assert.Contains(name, diagnosis.Faults[0].Detail, StringComparison.Ordinal);
        Assert.False(diagnosis.Valid);
        Assert.True(diagnosis.Stripe.Valid);
        Assert.Equal(SignatureFaultCode.MissingHeader, diagnosis.StandardWebhooks.Fault);
    }

    [Fact]
    public void Find_NoSignatureAtAll_NamesBothHeaders()
    {
        var rig = new DoctorRig
        {
            Changes = [("webhook-signature", null), ("Stripe-Signature", null)],
        };

        Assert.Equal(["missing_header", "missing_header"], rig.Codes());
    }

    [Fact]
    public void Find_NothingOfOneScheme_IsNoFault()
    {
        Assert.True(DoctorRig.With("Stripe-Signature", null).Diagnose().Valid);
        var stripeOnly = new DoctorRig
        {
            Changes =
            [
                ("webhook-id", null),
                ("webhook-timestamp", null),
                ("webhook-signature", null),
            ],
        };

        var diagnosis = stripeOnly.Diagnose();

        Assert.True(diagnosis.Valid);
        Assert.Equal(new SchemeDiagnosis(true, false, false, null), diagnosis.StandardWebhooks);
        Assert.Null(diagnosis.Event);
    }

    [Theory]
    [InlineData("webhook-id", "{0},{0}", "duplicate_header")]
    [InlineData("webhook-timestamp", "{0}, {0}", "duplicate_header")]
    [InlineData("webhook-signature", "{0},{0}", "duplicate_header")]
    [InlineData("Stripe-Signature", "{0}, {0}", "duplicate_header")]
    [InlineData("webhook-id", " {0}", "malformed_header")]
    [InlineData("webhook-signature", "\"{0}\"", "malformed_header")]
    [InlineData("webhook-id", "a.b", "malformed_header")]
    [InlineData("webhook-timestamp", "{0}000", "malformed_header")]
    [InlineData("webhook-timestamp", "2026-03-04T05:06:07Z", "malformed_header")]
    [InlineData("webhook-signature", "nonsense", "malformed_header")]
    [InlineData("webhook-signature", "v1,AAAA", "malformed_header")]
    [InlineData(
        "webhook-signature",
        "v1,0000000000000000000000000000000000000000000000000000000000000000",
        "malformed_header"
    )]
    [InlineData("webhook-signature", "v2,AAAA", "no_known_version")]
    [InlineData("webhook-signature", "v1a,AAAA", "no_known_version")]
    [InlineData("Stripe-Signature", "nonsense", "malformed_header")]
    [InlineData("Stripe-Signature", "t=1,v1=00", "malformed_header")]
    [InlineData("Stripe-Signature", "t=x,v1=00", "malformed_header")]
    [InlineData("Stripe-Signature", "v1=00", "malformed_header")]
    [InlineData("Stripe-Signature", "t=1", "malformed_header")]
    [InlineData("Stripe-Signature", "t=1,v0=00", "no_known_version")]
    public void Find_AHeaderThatIsNotAsSent_TellsHow(string name, string form, string code)
    {
        var signed = new DoctorRig().Signed;
        var whole = name switch
        {
            "webhook-id" => signed.WebhookId,
            "webhook-timestamp" => signed.WebhookTimestamp,
            "webhook-signature" => signed.WebhookSignature!,
            _ => signed.StripeSignature,
        };
        var diagnosis = DoctorRig
            .With(name, form.Replace("{0}", whole, StringComparison.Ordinal))
            .Diagnose();

        Assert.Equal(code, diagnosis.Faults[0].Code.ToCode());
        Assert.Contains(name, diagnosis.Faults[0].Detail, StringComparison.Ordinal);
        Assert.False(diagnosis.Valid);
    }
}
