using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

public sealed class SecretCheckTests
{
    [Fact]
    public void Find_SignedWithASecretThatOverlaps_IsValid() =>
        Assert.True(
            new DoctorRig { Signer = DoctorRig.Overlapping }
                .Diagnose()
                .Valid
        );

    [Fact]
    public void Find_SignedWithAnExpiredSecret_TellsWhenItEnded()
    {
        var diagnosis = new DoctorRig { Signer = DoctorRig.Expired }.Diagnose();

        var fault = Assert.Single(diagnosis.Faults);
        Assert.Equal(SignatureFaultCode.OldSecret, fault.Code);
        Assert.Null(fault.Scheme);
        Assert.Contains("2026-03-04T04:06:07Z", fault.Detail, StringComparison.Ordinal);
        Assert.False(diagnosis.Valid);
    }

    [Fact]
    public void Find_ReceivedWhileTheSecretWasLive_IsValid()
    {
        var rig = new DoctorRig { Signer = DoctorRig.Expired };
        var known = rig.Known.Select(each =>
            each.Secret == DoctorRig.Expired
                ? each with
                {
                    ExpiresAt = Sample.Now.AddSeconds(1),
                }
                : each
        );

        Assert.True((rig with { Known = [.. known] }).Diagnose().Valid);
    }

    [Fact]
    public void Find_SignedWithAnotherEndpointsSecret_NamesThatEndpoint()
    {
        var fault = Assert.Single(
            new DoctorRig { Signer = DoctorRig.Others }
                .Diagnose()
                .Faults
        );

        Assert.Equal(SignatureFaultCode.OtherEndpointSecret, fault.Code);
        Assert.Contains(Sample.EndpointId(2).ToString(), fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SignedWithNoSecretOfTheTenants_IsUnknown() =>
        Assert.Equal(["unknown_secret"], new DoctorRig { Signer = DoctorRig.Unknown }.Codes());

    [Fact]
    public void Find_NothingFitsAndNothingIsKnownOfWhatWasSent_SaysThatItCannotTell() =>
        Assert.Equal(
            ["no_match"],
            new DoctorRig
            {
                Signer = DoctorRig.Unknown,
                Changes =
                [
                    ("webhook-id", null),
                    ("webhook-timestamp", null),
                    ("webhook-signature", null),
                ],
            }.Codes()
        );

    [Fact]
    public void Find_OneSchemeFitsAndStripesDoesNot_SaysThatItsHeaderWasChanged()
    {
        var other = WebhookSigner.Sign([DoctorRig.Unknown], "x", Sample.Now, []).StripeSignature;

        var diagnosis = DoctorRig.With("Stripe-Signature", other).Diagnose();

        Assert.Equal(SignatureFaultCode.NoMatch, Assert.Single(diagnosis.Faults).Code);
        Assert.True(diagnosis.StandardWebhooks.Valid);
    }

    [Fact]
    public void Find_MoreSecretsThanTheBudgetAllows_StopsAndSaysSo()
    {
        var others = Enumerable
            .Range(2, 700)
            .Select(i => new KnownSecret(Sample.EndpointId(i), SigningSecret.Generate(), null));
        var rig = new DoctorRig { Signer = DoctorRig.Unknown };
        rig = rig with { Known = [rig.Known[0], .. others] };
        var examination = rig.Examine();

        Assert.True(examination.Budget.IsSpent);
        var fault = Assert.Single(SignatureDoctor.Diagnose(examination).Faults);
        Assert.Contains("Not every secret could be tried", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryTake_ToTheLastByteAndMac_ThenNoMore()
    {
        var bytes = new MacBudget();
        Assert.True(bytes.TryTake((int)MacBudget.BytesMax));
        Assert.False(bytes.TryTake(1));
        var macs = new MacBudget();
        Assert.Equal(
            MacBudget.MacsMax,
            Enumerable.Range(0, 2 * MacBudget.MacsMax).Count(_ => macs.TryTake(0))
        );
        Assert.True(macs.IsSpent);
    }
}
