using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class PayloadFilterParseTests
{
    private const string Condition = """{"field":"a","exists":true}""";

    [Theory]
    [InlineData("1", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("{}", "", "")]
    [InlineData("""{"field":"a"}""", "")]
    [InlineData("""{"equals":1}""", "")]
    [InlineData("""{"field":"a","equals":1,"gt":0}""", "")]
    [InlineData("""{"field":"a","equals":1,"field":"b"}""", "field")]
    [InlineData("""{"field":"a","equals":1,"equal":1}""", "equal")]
    [InlineData("""{"field":"a","Equals":1}""", "Equals", "")]
    [InlineData("""{"and":[{"field":"a","exists":true}],"or":[]}""", "")]
    [InlineData("""{"and":[{"field":"a","exists":true}],"field":"a"}""", "")]
    [InlineData("""{"and":{}}""", "and")]
    [InlineData("""{"or":[]}""", "or")]
    [InlineData("""{"not":[]}""", "not")]
    [InlineData("""{"field":1,"exists":1}""", "field", "exists")]
    [InlineData("""{"field":"","exists":true}""", "field")]
    [InlineData("""{"field":"a..b","exists":true}""", "field")]
    [InlineData("""{"field":".","exists":true}""", "field")]
    [InlineData("""{"field":"/a~2","exists":true}""", "field")]
    [InlineData("""{"field":"/a~","exists":true}""", "field")]
    [InlineData("""{"field":"\ud800","exists":true}""", "field")]
    [InlineData("""{"\ud800":"a","exists":true}""", "")]
    [InlineData("""{"field":"a","equals":{}}""", "equals")]
    [InlineData("""{"field":"a","equals":"\ud800"}""", "equals")]
    [InlineData("""{"field":"a","in":1}""", "in")]
    [InlineData("""{"field":"a","in":[]}""", "in")]
    [InlineData("""{"field":"a","not_in":[1,[],{}]}""", "not_in[1]", "not_in[2]")]
    [InlineData("""{"field":"a","gt":true}""", "gt")]
    [InlineData("""{"field":"a","lte":null}""", "lte")]
    [InlineData("""{"field":"a","starts_with":1}""", "starts_with")]
    [InlineData(
        """{"and":[{"field":"a","gt":null},{"or":[{"field":"b","exists":true},{"not":{"field":"c"}},1]}]}""",
        "and[0].gt",
        "and[1].or[1].not",
        "and[1].or[2]"
    )]
    public void Parse_WhatIsNoFilter_NamesEveryFault(string filter, params string[] paths) =>
        Assert.Equal(paths, Filters.FaultsOf(filter));

    [Fact]
    public void Parse_ConditionsUpToTheBound_AreTaken()
    {
        Assert.Empty(Filters.FaultsOf(And(PayloadFilter.ConditionsMax)));
        Assert.Equal([""], Filters.FaultsOf(And(PayloadFilter.ConditionsMax + 1)));
        Assert.Equal([""], Filters.FaultsOf(And(2000)));
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 101)]
    [InlineData(20_000, 101)]
    public void Parse_FaultsBeyondTheBound_TellsTheFirstAndThatThereAreMore(int count, int told)
    {
        var items = string.Join(',', Enumerable.Repeat("7", count));

        var paths = Filters.FaultsOf($$"""{"or":[{{items}}]}""");

        Assert.Equal(told, paths.Length);
        Assert.Equal("or[99]", paths[99]);
        Assert.Equal(told > 100 ? "" : "or[99]", paths[^1]);
    }

    [Fact]
    public void Parse_DepthUpToTheBound_IsTaken()
    {
        Assert.Empty(Filters.FaultsOf(Nested(PayloadFilter.DepthMax)));
        Assert.Equal(["not.not.not.not.not"], Filters.FaultsOf(Nested(PayloadFilter.DepthMax + 1)));
    }

    [Fact]
    public void Parse_ValuesUpToTheBound_AreTaken()
    {
        Assert.Empty(Filters.FaultsOf(In(PayloadFilter.ValuesMax)));
        Assert.Equal(["in"], Filters.FaultsOf(In(PayloadFilter.ValuesMax + 1)));
    }

    [Theory]
    [InlineData("equals")]
    [InlineData("field")]
    public void Parse_TextsUpToTheBound_AreTaken(string member)
    {
        Assert.Empty(Filters.FaultsOf(With(PayloadFilter.TextLengthMax)));
        Assert.Equal([member], Filters.FaultsOf(With(PayloadFilter.TextLengthMax + 1)));

        string With(int length)
        {
            var text = new string('x', length);
            return member == "field"
                ? $$"""{"field":"{{text}}","equals":1}"""
                : $$"""{"field":"a","equals":"{{text}}"}""";
        }
    }

    [Fact]
    public void Parse_NumbersUpToTheBound_AreTaken()
    {
        Assert.Empty(Filters.FaultsOf(Number(PayloadFilter.TextLengthMax)));
        Assert.Equal(["equals"], Filters.FaultsOf(Number(PayloadFilter.TextLengthMax + 1)));

        static string Number(int length) =>
            $$"""{"field":"a","equals":{{new string('1', length)}}}""";
    }

    [Fact]
    public void Parse_StepsUpToTheBound_AreTaken()
    {
        Assert.Empty(Filters.FaultsOf(Steps(PayloadFilter.FieldStepsMax)));
        Assert.Equal(["field"], Filters.FaultsOf(Steps(PayloadFilter.FieldStepsMax + 1)));

        static string Steps(int count) =>
            $$"""{"field":"{{string.Join('.', Enumerable.Repeat("a", count))}}","equals":1}""";
    }

    [Fact]
    public void Parse_BytesUpToTheBound_AreTakenWhateverTheWhiteSpace()
    {
        Assert.Empty(Filters.FaultsOf(Sized(PayloadFilter.BytesMax)));
        Assert.Equal([""], Filters.FaultsOf(Sized(PayloadFilter.BytesMax + 1)));
        var spaced = Sized(PayloadFilter.BytesMax).Replace(",", " ,\n ", StringComparison.Ordinal);
        Assert.Empty(Filters.FaultsOf(spaced));

        // Values of 400 bytes, and one that makes up for the rest.
        static string Sized(int bytes)
        {
            var values = Enumerable.Repeat($"\"{new string('x', 400)}\"", 9).ToList();
            var head = $$"""{"field":"a","in":[{{string.Join(',', values)}},""";
            var filter = head + $"\"{new string('y', bytes - head.Length - 4)}\"]}}";
            Assert.Equal(bytes, Encoding.UTF8.GetByteCount(filter));
            return filter;
        }
    }

    [Fact]
    public void Json_OfAFilter_IsAsItWasGivenWithoutWhiteSpace() =>
        Assert.Equal(
            """{"and":[{"equals":1.50e1,"field":"ü/<"}]}""",
            Encoding.UTF8.GetString(
                Filters
                    .Of(
                        """
                        { "and" : [ { "equals": 1.50e1, "field": "\u00fc/<" } ] }
                        """
                    )
                    .Json.Span
            )
        );

    private static string And(int conditions) =>
        $$"""{"and":[{{string.Join(',', Enumerable.Repeat(Condition, conditions))}}]}""";

    private static string Nested(int depth) =>
        depth == 1 ? Condition : $$"""{"not":{{Nested(depth - 1)}}}""";

    private static string In(int values) =>
        $$"""{"field":"a","in":[{{string.Join(',', Enumerable.Range(0, values))}}]}""";
}
