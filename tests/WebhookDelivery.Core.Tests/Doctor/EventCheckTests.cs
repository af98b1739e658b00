namespace WebhookDelivery.Core.Tests;

public sealed class EventCheckTests
{
    [Fact]
    public void Find_AnotherAttemptsTimestamp_IsToldForTheSchemeThatHasIt()
    {
        var later = $"{Sample.Now.ToUnixTimeSeconds() + 60}";
        var signature = new DoctorRig().Signed.StripeSignature;

        var standard = DoctorRig.With("webhook-timestamp", later).Diagnose();
        var stripe = DoctorRig
            .With("Stripe-Signature", $"t={later}{signature[signature.IndexOf(',')..]}")
            .Diagnose();

        Assert.Equal(SignatureFaultCode.WrongTimestamp, Assert.Single(standard.Faults).Code);
        Assert.True(standard.Stripe.Valid);
        Assert.Equal(SignatureFaultCode.WrongTimestamp, standard.StandardWebhooks.Fault);
        Assert.Equal(SignatureFaultCode.WrongTimestamp, Assert.Single(stripe.Faults).Code);
        Assert.True(stripe.StandardWebhooks.Valid);
        Assert.Equal(SignatureFaultCode.WrongTimestamp, stripe.Stripe.Fault);
    }

    [Fact]
    public void Find_AnIdInAnotherSpelling_IsWrong()
    {
        Assert.Equal(
            "wrong_event_id",
            DoctorRig.With("webhook-id", DoctorRig.WebhookId.ToUpperInvariant()).Codes()[0]
        );
        Assert.Equal(
            "wrong_event_id",
            DoctorRig.With("webhook-id", DoctorRig.WebhookId["evt_".Length..]).Codes()[0]
        );
        Assert.Equal("wrong_event_id", DoctorRig.With("webhook-id", "msg_1").Codes()[0]);
    }

    [Fact]
    public void Find_AnotherEventsId_IsWrongAlsoWhereThePayloadIsTheSame() =>
        Assert.Equal(
            ["wrong_event_id"],
            DoctorRig.With("webhook-id", Sample.EventId(2).ToString()).Codes()
        );

    [Fact]
    public void Find_AnEventThatIsNotThere_IsUnknownOnlyIfNothingFits()
    {
        var expired = new DoctorRig { Stored = null }.Diagnose();
        var invented = new DoctorRig
        {
            Stored = null,
            Changes = [("webhook-id", Sample.EventId(3).ToString())],
        };

        Assert.Empty(expired.Faults);
        Assert.Equal(new EventEvidence(Sample.EventId(1), false, null), expired.Event);
        Assert.Equal(["unknown_event"], invented.Codes());
    }
}
