using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class BodyCheckTests
{
    [Theory]
    [InlineData(
        """{"n":1.5,"type":"order.created"}""",
        "body_reserialised",
        "key order, number forms"
    )]
    [InlineData(DoctorRig.Json + "\n", "body_reserialised", "a newline")]
    [InlineData("", "body_empty", "33 bytes were sent")]
    [InlineData("""{"type":"order.created","n":2.50}""", "body_changed", "at byte 28 (from 0)")]
    [InlineData("""{"type":"order""", "body_changed", "cut off: 14 of 33")]
    [InlineData(DoctorRig.Json + "}", "body_changed", "1 bytes behind")]
    public void Find_AnotherBodyThanSent_TellsWhatBecameOfIt(string body, string code, string why)
    {
        var diagnosis = new DoctorRig { Received = Encoding.UTF8.GetBytes(body) }.Diagnose();

        var fault = Assert.Single(diagnosis.Faults);
        Assert.Equal(code, fault.Code.ToCode());
        Assert.Contains(why, fault.Detail, StringComparison.Ordinal);
        Assert.Equal((false, false), (diagnosis.Valid, diagnosis.Event!.PayloadMatches));
        Assert.Equal(
            (fault.Code, fault.Code),
            (diagnosis.Stripe.Fault, diagnosis.StandardWebhooks.Fault)
        );
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    [InlineData("us-ascii")]
    public void Find_AnotherCharacterSet_SaysSo(string name)
    {
        const string text = """{"name":"Zoë"}""";
        var rig = new DoctorRig
        {
            Sent = Encoding.UTF8.GetBytes(text),
            Stored = Encoding.UTF8.GetBytes(text),
            Received = Encoding.GetEncoding(name).GetBytes(text),
        };

        var fault = Assert.Single(rig.Diagnose().Faults);
        Assert.Equal(SignatureFaultCode.BodyChanged, fault.Code);
        Assert.Contains("character set", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_BodyThatIsSigned_IsNoFaultWhateverEventTheIdNames() =>
        Assert.Equal(
            ["wrong_event_id"],
            new DoctorRig
            {
                Stored = "{}"u8.ToArray(),
                Changes = [("webhook-id", Sample.EventId(2).ToString())],
            }.Codes()
        );

    [Fact]
    public void Find_EmptyBodyOfAnUnknownEvent_IsTold() =>
        Assert.Equal("body_empty", new DoctorRig { Received = [], Stored = null }.Codes()[0]);
}
