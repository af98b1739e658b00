using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class PayloadInspectorTests
{
    [Theory]
    [InlineData("""{}""", null)]
    [InlineData(" \t\r\n{ } \n", null)]
    [InlineData("""{"type":"a"}""", "a")]
    [InlineData("""{"event_type":"b"}""", "b")]
    [InlineData("""{"event":"c"}""", "c")]
    [InlineData("""{"event":"c","event_type":"b","type":"a"}""", "a")]
    [InlineData("""{"event":"c","event_type":"b"}""", "b")]
    [InlineData("""{"type":1,"event":"c"}""", "c")]
    [InlineData("""{"type":null,"event_type":{},"event":"c"}""", "c")]
    [InlineData("""{"type":["a"],"event":"c"}""", "c")]
    [InlineData("""{"type":"","event":"c"}""", "c")]
    [InlineData("""{"type":"ü","event":"c"}""", "c")]
    [InlineData("""{"type":" a","event":"c"}""", "c")]
    [InlineData("""{"type":"a\nb","event":"c"}""", "c")]
    [InlineData("""{"Type":"a"}""", null)]
    [InlineData("""{"data":{"type":"a"}}""", null)]
    [InlineData("""{"data":{"type":"a"},"event":"c"}""", "c")]
    [InlineData("""{"type":{"type":"a"},"event":"c"}""", "c")]
    [InlineData("""{"data":[{"type":"a"}]}""", null)]
    [InlineData("""{"type":"a","type":"b"}""", "a")]
    [InlineData("""{"type":1,"type":"b"}""", "b")]
    [InlineData("""{"\u0074ype":"a"}""", "a")]
    [InlineData("""{"type":"\u0061\u002fb"}""", "a/b")]
    [InlineData("""{"type":"a","n":1e400,"m":-0.0e-999999}""", "a")]
    [InlineData(
        """{"n":123456789012345678901234567890123456789012345678901234567890,"type":"a"}""",
        "a"
    )]
    public void Inspect_Object_FindsItsType(string payload, string? type) =>
        Assert.Equal(new PayloadInspection.Valid(type), Inspect(payload));

    [Theory]
    [InlineData("""{"type":"\ud800","event":"c"}""", "c")]
    [InlineData("""{"type":"a\udc00","event":"c"}""", "c")]
    [InlineData("""{"type":"\ud800\ud800"}""", null)]
    [InlineData("""{"type":"\ud83d\ude00","event":"c"}""", "c")]
    [InlineData("""{"\ud800":"a","event":"c"}""", "c")]
    [InlineData("""{"\udc00ype":"a","event":"c"}""", "c")]
    [InlineData("""{"type\udfff":"a","event":"c"}""", "c")]
    [InlineData("""{"event\ud800":1,"event":"c"}""", "c")]
    [InlineData("""{"data":"\ud800","event":"c"}""", "c")]
    public void Inspect_SurrogateEscapes_AreNoTypeAndNoFault(string payload, string? type) =>
        // RFC 8259 section 8.2 lets such strings through; what they mean is the receiver's affair.
        Assert.Equal(new PayloadInspection.Valid(type), Inspect(payload));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"type\"")]
    [InlineData("[]")]
    [InlineData("[{\"type\":\"a\"}]")]
    [InlineData("{")]
    [InlineData("{\"type\":\"a\"")]
    [InlineData("{\"type\":\"a\"}}")]
    [InlineData("{\"type\":\"a\"} x")]
    [InlineData("{\"type\":\"a\"}{}")]
    [InlineData("{\"type\":\"a\"}\0")]
    [InlineData("{\"type\":\"a\",}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{'type':'a'}")]
    [InlineData("{type:\"a\"}")]
    [InlineData("{} // end")]
    [InlineData("{/* begin */}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{\"a\":[1 2]}")]
    [InlineData("{\"a\":[1}]")]
    [InlineData("{\"a\":[1}}")]
    [InlineData("{\"a\":{\"b\":1]}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":1.e5}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":1e+}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":truest}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("\ufeff{}")]
    public void Inspect_AnythingElse_IsInvalid(string payload) =>
        Assert.IsType<PayloadInspection.Invalid>(Inspect(payload));

    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Inspect_InvalidUtf8_IsInvalid(byte[] bytes)
    {
        byte[] payload = [.. "{\"a\":\""u8, .. bytes, .. "\"}"u8];
        var invalid = Assert.IsType<PayloadInspection.Invalid>(PayloadInspector.Inspect(payload));
        Assert.Contains("UTF-8", invalid.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Inspect_Depth_IsAtMost64(int depth, bool valid)
    {
        var payload =
            """{"type":"a","n":""" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        Assert.Equal(valid, Inspect(payload) is PayloadInspection.Valid { Type: "a" });
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("[", "")]
    [InlineData("{\"a\":", "")]
    public void Inspect_TooDeep_SaysSo(string open, string close)
    {
        var inner = string.Concat(Enumerable.Repeat(open, 64));
        var outer = string.Concat(Enumerable.Repeat(close, 64));

        var invalid = Assert.IsType<PayloadInspection.Invalid>(
            Inspect($$"""{"n":{{inner}}{{outer}}}""")
        );

        Assert.Equal("The payload is nested deeper than 64 levels.", invalid.Fault);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1 [")]
    [InlineData("")]
    public void Inspect_BrokenAtTheDeepestLevel_IsNotCalledTooDeep(string rest)
    {
        var invalid = Assert.IsType<PayloadInspection.Invalid>(
            Inspect("""{"n":""" + new string('[', 63) + rest)
        );

        Assert.Contains("not valid JSON", invalid.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Inspect_LengthOfType_IsAtMost255(int length, bool taken)
    {
        var type = new string('a', length);
        var expected = new PayloadInspection.Valid(taken ? type : null);
        Assert.Equal(expected, Inspect($$"""{"type":"{{type}}"}"""));
    }

    [Fact]
    public void Inspect_Fault_RepeatsNothingOfThePayload()
    {
        var invalid = Assert.IsType<PayloadInspection.Invalid>(
            Inspect("{\"card\":\"4242\",\n \"hunter2\" }")
        );
        Assert.DoesNotContain("hunter", invalid.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("card", invalid.Fault, StringComparison.Ordinal);
        Assert.Contains("line 2", invalid.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_AnyBytesNearJson_AgreesWithAFullParserAndNeverThrows() =>
        Prop.ForAll(NearJson(), text => IsObject(text) == Inspect(text) is PayloadInspection.Valid)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static Arbitrary<string> NearJson()
    {
        var pieces = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"type\"",
            "\"event\"",
            "\"x\"",
            "\"\\ud800\"",
            "\"\\u00e9\\/\"",
            "\"\\x\"",
            "\"\\u00g0\"",
            "\"\n\"",
            "1",
            "-",
            "0",
            ".5",
            "e+7",
            "E-0",
            "-12.5e3",
            "null",
            "true",
            "fals",
            " ",
            "\t\r\n",
            "\\",
            "\"",
            "\"type\":\"a\",",
            "\"event\":\"b\",",
            "{\"type\":\"a\"}",
            "{\"x\":[1,{}]}",
            "\u00e9",
            "/**/",
            "\0"
        );
        // Whole members in between, so that most texts come close to being right.
        var values = Gen.Elements("1", "-0.5e-7", "true", "null", "[]", "{}", "[1, 2]", "\"v\"");
        var names = Gen.Elements("type", "event_type", "event", "typ\\u0065", "x", "łx");
        var members =
            from name in names
            from value in Gen.OneOf(values, pieces)
            select $"\"{name}\":{value}";
        return Gen.OneOf(
                pieces.ListOf().Select(string.Concat),
                pieces.ListOf().Select(each => "{\"a\":" + string.Concat(each) + "}"),
                pieces.ListOf().Select(each => "{" + string.Concat(each) + "}"),
                members.ListOf().Select(each => "{" + string.Join(',', each) + "}"),
                members.ListOf().Select(each => "{\"x\":[{" + string.Join(" , ", each) + "}]}")
            )
            .ToArbitrary();
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static PayloadInspection Inspect(string payload) =>
        PayloadInspector.Inspect(Encoding.UTF8.GetBytes(payload));
}
