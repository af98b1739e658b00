using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

public sealed class ReceiverSecretCheckTests
{
    private static readonly string Value = DoctorRig.Current.Value;

    private static readonly byte[] Key = Convert.FromBase64String(
        Value[SigningSecret.Prefix.Length..]
    );

    [Fact]
    public void Find_TheSecretThatSigned_IsNoFault() =>
        Assert.Empty(new DoctorRig { Secret = Value }.Codes());

    [Fact]
    public void Find_ALiveSecretThatDidNotSign_IsTold() =>
        AssertTold(DoctorRig.Overlapping.Value, "did not sign");

    [Fact]
    public void Find_AnOldSecret_TellsWhenItEnded() =>
        AssertTold(DoctorRig.Expired.Value, "2026-03-04T04:06:07Z");

    [Fact]
    public void Find_AnotherEndpointsSecret_NamesTheEndpoint() =>
        AssertTold(DoctorRig.Others.Value, Sample.EndpointId(2).ToString());

    [Fact]
    public void Find_ASecretOfNobody_IsNone() => AssertTold(DoctorRig.Unknown.Value, "none of");

    [Theory]
    [InlineData("bare", "lacks whsec_")]
    [InlineData("bare and spaced", "lacks whsec_")]
    [InlineData("spaced", "white space")]
    [InlineData("quoted", "quotes")]
    [InlineData("hex", "in hex")]
    [InlineData("decoded", "base64-decoded")]
    [InlineData("encoded", "once too often")]
    [InlineData("url", "other letters")]
    public void Find_TheSecretInASpoiltForm_TellsWhatWasDone(string form, string why) =>
        AssertTold(Spoil(form), why);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(40)]
    public void Find_PartOfTheSecret_TellsNothingOfItsBeingRight(int missing)
    {
        var part = new DoctorRig { Secret = Value[..^missing] }.Diagnose();
        var nothing = new DoctorRig { Secret = DoctorRig.Unknown.Value }.Diagnose();

        Assert.Equal(nothing.Faults, part.Faults);
    }

    private static string Spoil(string form)
    {
        var bare = Value[SigningSecret.Prefix.Length..];
        return form switch
        {
            "bare" => bare,
            "bare and spaced" => bare + "\n",
            "spaced" => $"\t{Value} ",
            "quoted" => $"'{Value}'",
            "hex" => Convert.ToHexString(Key),
            "decoded" => Encoding.Latin1.GetString(Key),
            "encoded" => Convert.ToBase64String(Encoding.ASCII.GetBytes(Value)),
            _ => SigningSecret.Prefix + bare.Replace('+', '-').Replace('/', '_').TrimEnd('='),
        };
    }

    private static void AssertTold(string secret, string why)
    {
        var diagnosis = new DoctorRig { Secret = secret }.Diagnose();

        var fault = Assert.Single(diagnosis.Faults);
        Assert.Equal(SignatureFaultCode.ReceiverSecretDiffers, fault.Code);
        Assert.Contains(why, fault.Detail, StringComparison.Ordinal);
        Assert.True(diagnosis.Valid);
    }
}
