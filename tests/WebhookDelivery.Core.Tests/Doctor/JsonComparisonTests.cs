using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class JsonComparisonTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a": 1}""", JsonRewriting.WhiteSpace)]
    [InlineData("""{"a" :1}""", """{"a": 1}""", JsonRewriting.WhiteSpace)]
    [InlineData("""{"a":1}""", """ {"a":1}""", JsonRewriting.WhiteSpace)]
    [InlineData("""{"a":1}""", "{\"a\":1}\n", JsonRewriting.TrailingNewline)]
    [InlineData("{\"a\":1}\r\n", """{"a":1}""", JsonRewriting.TrailingNewline)]
    [InlineData("{\n\"a\":1}", "{\r\n\"a\":1}", JsonRewriting.LineEndings)]
    [InlineData(
        "{\n\"a\":1}\n",
        "{\r\n\"a\":1}",
        JsonRewriting.LineEndings | JsonRewriting.TrailingNewline
    )]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", JsonRewriting.KeyOrder)]
    [InlineData("""{"a": 1,"b":2}""", """{"b":2,"a": 1}""", JsonRewriting.KeyOrder)]
    [InlineData(
        """{"a":1,"b":2}""",
        """{"b":2, "a":1}""",
        JsonRewriting.KeyOrder | JsonRewriting.WhiteSpace
    )]
    [InlineData("""{"a":"é"}""", """{"a":"\u00e9"}""", JsonRewriting.Escapes)]
    [InlineData("""{"a":"\/"}""", """{"a":"/"}""", JsonRewriting.Escapes)]
    [InlineData("""{"a":"\ud83e\udd8a"}""", """{"a":"🦊"}""", JsonRewriting.Escapes)]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\uD800"}""", JsonRewriting.Escapes)]
    [InlineData("""{"\u0061":1}""", """{"a":1}""", JsonRewriting.Escapes)]
    [InlineData(
        """{"\u0061":1,"b":2}""",
        """{"b":2,"a":1}""",
        JsonRewriting.Escapes | JsonRewriting.KeyOrder
    )]
    [InlineData("""{"a":1.50}""", """{"a":1.5}""", JsonRewriting.NumberForms)]
    [InlineData("""{"a":[1e2,-0]}""", """{"a":[100,0]}""", JsonRewriting.NumberForms)]
    [InlineData("""{"a":1e400}""", """{"a":10E+399}""", JsonRewriting.NumberForms)]
    [InlineData(
        """{"a":9007199254740993}""",
        """{"a":9007199254740992}""",
        JsonRewriting.NumberPrecision
    )]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", JsonRewriting.RepeatedMembers)]
    [InlineData("""{"a":1}""", "\uFEFF{\"a\":1}", JsonRewriting.ByteOrderMark)]
    [InlineData("""{"a":"x"}""", "\"{\\\"a\\\":\\\"x\\\"}\"", JsonRewriting.TextInJson)]
    public void Find_TheSameJson_SaysHowItDiffers(string sent, string received, object ways) =>
        Assert.Equal((JsonRewriting)ways, Find(sent, received));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":1}""", """{"a":1""")]
    [InlineData("""{"a":1}""", """{"a":1}}""")]
    [InlineData("""{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"A":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":1,"b":null}""", """{"a":1}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""")]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":1}""")]
    [InlineData("""{"a":"é"}""", """{"a":"e\u0301"}""")]
    [InlineData("""{"a":"x "}""", """{"a":"x"}""")]
    [InlineData("""{"a":"\ud800"}""", "{\"a\":\"\uFFFD\"}")]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740994}""")]
    [InlineData("""{"a":1e400}""", """{"a":null}""")]
    [InlineData("""{"a":0.1}""", """{"a":0.10000000000000001}""")]
    [InlineData("""{"a":1}""", """{"a":1e99999999999999999999}""")]
    [InlineData("""{"a":1}""", """{"a":1e-9223372036854775808}""")]
    [InlineData("""{"a":1}""", """{"a":1e2147483648}""")]
    [InlineData("""{"a":true}""", """{"a":false}""")]
    [InlineData("""{"a":{}}""", """{"a":[]}""")]
    [InlineData("""{"a":"x"}""", "\"{\\\"a\\\":\\\"y\\\"}\"")]
    public void Find_OtherJsonOrNone_SaysSo(string sent, string received) =>
        Assert.Null(Find(sent, received));

    [Fact]
    public void Find_BytesThatAreNoUtf8_AreNoJson() =>
        Assert.Null(
            JsonComparison.Find(
                """{"a":"é"}"""u8.ToArray(),
                Encoding.Latin1.GetBytes("""{"a":"é"}""")
            )
        );

    private static JsonRewriting? Find(string sent, string received) =>
        JsonComparison.Find(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(received));
}
