using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

public sealed class ComputedSignatureCheckTests
{
    private const string Body = DoctorRig.Json;
    private static readonly string Id = DoctorRig.WebhookId;
    private static readonly string Time = DoctorRig.Seconds;
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(DoctorRig.Current.Value);
    private static readonly byte[] Tail = Text["whsec_".Length..];
    private static readonly byte[] Key = Convert.FromBase64String(
        DoctorRig.Current.Value["whsec_".Length..]
    );

    [Fact]
    public void Find_RightForEitherScheme_IsNoFault()
    {
        Assert.Empty(Codes(Base64(Key, $"{Id}.{Time}.{Body}")));
        Assert.Empty(Codes("v1," + Base64(Key, $"{Id}.{Time}.{Body}")));
        Assert.Empty(Codes(Hex(Text, $"{Time}.{Body}")));
        Assert.Empty(Codes($"t={Time},v1={Hex(Text, $"{Time}.{Body}")}"));
    }

    public static TheoryData<string, string> WrongContents { get; } =
        new()
        {
            { Base64(Key, Body), "the body alone" },
            { Hex(Text, Body), "the body alone" },
            {
                Base64(Key, $"{Time}.{Body}"),
                "timestamp.body; what is signed is id.timestamp.body"
            },
            { Base64(Key, $"{Id}.{Body}"), "without the timestamp" },
            { Base64(Key, $"{Id}.{Time}"), "without the body" },
            { Base64(Key, $"{Time}.{Id}.{Body}"), "wrong way round" },
            { Base64(Key, $"{Id}{Time}{Body}"), "separator" },
            { Base64(Key, $"{Id}\n{Time}\n{Body}"), "separator" },
            { Hex(Text, $"{Time}{Body}"), "separator" },
            { Base64(Key, $"{Id}.{Time}000.{Body}"), "milliseconds" },
            { Hex(Text, $"{Time}000.{Body}"), "milliseconds" },
            { Hex(Text, $"{Body}.{Time}"), "wrong way round" },
            { Hex(Key, $"{Id}.{Time}.{Body}"), "hex instead of base64" },
            { Base64(Text, $"{Time}.{Body}"), "lower-case hex" },
            { Hex(Text, $"{Time}.{Body}").ToUpperInvariant(), "lower-case hex" },
            { new string('0', 40), "HMAC-SHA1" },
            { new string('0', 128), "HMAC-SHA512" },
            { "not a signature!", "neither hex nor base64" },
            { new string('0', 64), "none of the known mistakes" },
        };

    [Theory]
    [MemberData(nameof(WrongContents))]
    public void Find_WrongContentOrEncoding_TellsWhich(string computed, string why)
    {
        var fault = Assert.Single(
            new DoctorRig { Computed = computed }
                .Diagnose()
                .Faults
        );

        Assert.Equal(SignatureFaultCode.SignedContentWrong, fault.Code);
        Assert.Contains(why, fault.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> WrongKeys { get; } =
        new()
        {
            { Base64(Text, $"{Id}.{Time}.{Body}"), "not base64-decoded" },
            { Base64(Tail, $"{Id}.{Time}.{Body}"), "behind whsec_" },
            { Hex(Key, $"{Time}.{Body}"), "whole text, whsec_ included" },
            { Hex(Tail, $"{Time}.{Body}"), "whole text, whsec_ included" },
        };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void Find_WrongKeyOfTheRightSecret_TellsWhich(string computed, string why)
    {
        var fault = Assert.Single(
            new DoctorRig { Computed = computed }
                .Diagnose()
                .Faults
        );

        Assert.Equal(SignatureFaultCode.ReceiverSecretDiffers, fault.Code);
        Assert.Contains(why, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ComputedWithTheReceiversOwnWrongSecret_BlamesTheSecretAlone()
    {
        var wrong = DoctorRig.Unknown.Value;
        var rig = new DoctorRig
        {
            Secret = wrong,
            Computed = Hex(Encoding.UTF8.GetBytes(wrong), $"{Time}.{Body}"),
        };

        Assert.Equal(["receiver_secret_differs"], rig.Codes());
    }

    [Theory]
    [InlineData(
        """{"type":"order.created","n":1.50}""",
        """{ "type":"order.created","n":1.50 }""",
        "JSON.stringify"
    )]
    [InlineData("""{"type": "Zo\u00eb", "n": 1.50}""", """{"type":"Zoë","n":1.50}""", "json.dumps")]
    [InlineData("{\"a\":1}\n", "{\"a\":1}", "newline")]
    [InlineData("{\"a\":1}", "{\"a\":1}\n", "without the white space")]
    public void Find_ComputedOverTheJsonWrittenAgain_SaysSo(
        string computedOver,
        string received,
        string why
    )
    {
        var rig = new DoctorRig
        {
            Sent = Encoding.UTF8.GetBytes(received),
            Stored = Encoding.UTF8.GetBytes(received),
            Computed = Base64(Key, $"{Id}.{Time}.{computedOver}"),
        };

        var fault = Assert.Single(rig.Diagnose().Faults);
        Assert.Equal(SignatureFaultCode.BodyReserialised, fault.Code);
        Assert.Contains(why, fault.Detail, StringComparison.Ordinal);
        Assert.True(rig.Diagnose().Valid);
    }

    [Fact]
    public void Diagnose_AnyCase_ShowsNoSecretNoSignatureAndNothingOfThePayload()
    {
        string[] hidden =
        [
            DoctorRig.Current.Value[6..],
            DoctorRig.Others.Value[6..],
            Base64(Key, $"{Id}.{Time}.{Body}"),
            Hex(Text, $"{Time}.{Body}"),
            "order.created",
        ];
        foreach (var computed in WrongContents.Concat(WrongKeys).Select(row => row.Data.Item1))
        {
            var rig = new DoctorRig
            {
                Computed = computed,
                Secret = DoctorRig.Others.Value,
                Received = "{}"u8.ToArray(),
                Late = TimeSpan.FromHours(1),
            };
            var told = string.Join('\n', rig.Diagnose().Faults);
            Assert.All(hidden, each => Assert.DoesNotContain(each, told, StringComparison.Ordinal));
        }
    }

    private static IReadOnlyList<string> Codes(string computed) =>
        new DoctorRig { Computed = computed }.Codes();

    private static string Base64(byte[] key, string content) =>
        Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));

    private static string Hex(byte[] key, string content) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));
}
