using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class PayloadFilterTests
{
    [Theory]
    [InlineData("""{"field":"a","equals":null}""", """{"a":null}""", true)]
    [InlineData("""{"field":"a","equals":null}""", "{}", false)]
    [InlineData("""{"field":"a","not_equals":1}""", "{}", true)]
    [InlineData("""{"field":"a","not_in":[1,2]}""", "{}", true)]
    [InlineData("""{"field":"a","exists":false}""", "{}", true)]
    [InlineData("""{"field":"a","exists":false}""", """{"a":null}""", false)]
    [InlineData("""{"field":"a","lt":1}""", "{}", false)]
    [InlineData("""{"field":"a","lt":1}""", """{"a":null}""", false)]
    [InlineData("""{"field":"a","lt":1}""", """{"a":"0"}""", false)]
    [InlineData("""{"field":"a","lt":1}""", """{"a":false}""", false)]
    [InlineData("""{"field":"a","gte":"2026-11"}""", """{"a":"2026-11-22T00:00:00Z"}""", true)]
    [InlineData("""{"field":"a","equals":1}""", """{"a":[1]}""", false)]
    [InlineData("""{"field":"a","not_equals":1}""", """{"a":[1]}""", true)]
    [InlineData("""{"field":"a.0","equals":1}""", """{"a":[1]}""", true)]
    [InlineData("""{"field":"a.0","equals":1}""", """{"a":{"0":1}}""", true)]
    [InlineData("""{"field":"a.00","equals":1}""", """{"a":[1]}""", false)]
    [InlineData("""{"field":"a.1","exists":true}""", """{"a":[1]}""", false)]
    [InlineData("""{"field":"a.10","equals":1}""", """{"a":[0,0,0,0,0,0,0,0,0,0,1]}""", true)]
    [InlineData("""{"field":"a.b","exists":true}""", """{"a":"b"}""", false)]
    [InlineData("""{"field":"a","starts_with":""}""", """{"a":"x"}""", true)]
    [InlineData("""{"field":"a","starts_with":""}""", """{"a":1}""", false)]
    [InlineData("""{"field":"A","exists":true}""", """{"a":1}""", false)]
    [InlineData("""{"not":{"field":"a","gt":1}}""", "{}", true)]
    public void Matches_OneCondition_IsAsTheDocsHaveIt(
        string filter,
        string payload,
        bool expected
    ) => Assert.Equal(expected, Filters.Of(filter).Matches(payload));

    // The last member of a name counts, with all that is in it and nothing of the others.
    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a", "2")]
    [InlineData("""{"a":{"b":1,"c":1},"a":{"c":2}}""", "a.c", "2")]
    [InlineData("""{"a":{"b":{"c":1}},"a":{"b":{}},"x":{"a":{"b":{"c":1}}}}""", "a.b.c", null)]
    [InlineData("""{"a":{"b":1},"a":{"c":2}}""", "a.b", null)]
    [InlineData("""{"a":{"b":1},"a":2}""", "a.b", null)]
    [InlineData("""{"a":2,"a":{"b":1}}""", "a.b", "1")]
    [InlineData("""{"a":[1,2],"a":[3]}""", "a.1", null)]
    public void Matches_AMemberGivenTwice_TakesTheLast(string payload, string field, string? value)
    {
        Assert.Equal(
            value is not null,
            Filters.Of($$"""{"field":"{{field}}","exists":true}""").Matches(payload)
        );
        if (value is not null)
        {
            Assert.True(
                Filters.Of($$"""{"field":"{{field}}","equals":{{value}}}""").Matches(payload)
            );
        }
    }

    [Theory]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData("""{"a":"\ude00"}""")]
    [InlineData("""{"a":"\ud83d\ud83d"}""")]
    [InlineData("""{"a":"\ud83dx"}""")]
    [InlineData("""{"\ud83d":1,"a":"\ud83d\n"}""")]
    public void Matches_HalfASurrogatePair_ReadsAsAReplacementCharacter(string payload)
    {
        Assert.True(Filters.Of("""{"field":"a","starts_with":"\ufffd"}""").Matches(payload));
        Assert.False(Filters.Of("""{"field":"a","equals":"x"}""").Matches(payload));
        Assert.NotNull(Filters.Of("""{"field":"a","equals":"x"}""").Explain(payload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("[1]")]
    [InlineData("1")]
    public void Matches_WhatIsNoJsonObject_HasNoField(string payload)
    {
        Assert.False(Filters.Of("""{"field":"a","exists":true}""").Matches(payload));
        Assert.NotNull(Filters.Of("""{"field":"a","exists":true}""").Explain(payload));
    }

    [Fact]
    public void Matches_AsDeepAsAPayloadMayBe_FindsWhatIsThere()
    {
        var deep =
            string.Concat(Enumerable.Repeat("""{"a":""", PayloadInspector.DepthMax))
            + "1"
            + new string('}', PayloadInspector.DepthMax);
        Assert.IsType<PayloadInspection.Valid>(
            PayloadInspector.Inspect(Encoding.UTF8.GetBytes(deep))
        );
        var field = string.Join('.', Enumerable.Repeat("a", PayloadFilter.FieldStepsMax));
        Assert.True(Filters.Of($$"""{"field":"{{field}}","exists":true}""").Matches(deep));
        Assert.False(Filters.Of($$"""{"field":"{{field}}","equals":1}""").Matches(deep));
    }

    [Fact]
    public void Matches_TextsLongerThanAnyOfAFilter_ComparesAllTheSame()
    {
        var wanted = new string('ü', PayloadFilter.TextLengthMax);
        var escaped = string.Concat(Enumerable.Repeat("\\u00fc", 10_000));
        var payload = $$"""{"a":"{{escaped}}"}""";
        Assert.False(Filters.Of($$"""{"field":"a","equals":"{{wanted}}"}""").Matches(payload));
        Assert.True(Filters.Of($$"""{"field":"a","gt":"{{wanted}}"}""").Matches(payload));
        Assert.True(Filters.Of($$"""{"field":"a","starts_with":"{{wanted}}"}""").Matches(payload));
    }

    [Theory]
    [InlineData("1e999999999999999999999", "1e5", 1)]
    [InlineData("-1e999999999999999999999", "1", -1)]
    [InlineData("1e-999999999999999999999", "0", 1)]
    [InlineData("0e999999999999999999999", "0", 0)]
    public void Matches_ExponentsBeyondAnyNumber_StillCompare(
        string value,
        string wanted,
        int order
    )
    {
        var payload = $$"""{"a":{{value}}}""";
        Assert.Equal(order > 0, Filters.Of($$"""{"field":"a","gt":{{wanted}}}""").Matches(payload));
        Assert.Equal(order < 0, Filters.Of($$"""{"field":"a","lt":{{wanted}}}""").Matches(payload));
    }

    [Fact]
    public void Matches_ANumberLongerThanAnyOfAFilter_ComparesWithNone()
    {
        var payload = $$"""{"a":1.{{new string('0', PayloadFilter.TextLengthMax)}}}""";
        Assert.False(Filters.Of("""{"field":"a","equals":1}""").Matches(payload));
        Assert.False(Filters.Of("""{"field":"a","gt":0}""").Matches(payload));
        Assert.True(Filters.Of("""{"field":"a","exists":true}""").Matches(payload));
    }

    [Theory]
    [InlineData(
        """{"field":"total","gte":100}""",
        """{"total":20}""",
        "filter: total is 20, but must be at least 100."
    )]
    [InlineData(
        """{"and":[{"field":"a","exists":true},{"field":"b","equals":"x"}]}""",
        """{"a":1}""",
        "filter.and[1]: b is missing, but must be \"x\"."
    )]
    [InlineData(
        """{"or":[{"field":"a","in":[1,2]},{"field":"b","starts_with":"x"}]}""",
        """{"a":{},"b":"y"}""",
        "filter.or[0]: a is an object, but must be one of 2 values. None of the 2 in filter.or holds."
    )]
    [InlineData(
        """{"not":{"field":"a","equals":true}}""",
        """{"a":true}""",
        "filter.not: holds, but must not."
    )]
    [InlineData(
        """{"or":[{"and":[{"field":"a","lt":1},{"field":"a","not_equals":null}]}]}""",
        """{"a":[]}""",
        "filter.or[0].and[0]: a is an array, but must be below 1."
    )]
    public void Explain_WhatDoesNotPass_NamesTheFirstConditionThatFails(
        string filter,
        string payload,
        string expected
    ) => Assert.Equal(expected, Filters.Of(filter).Explain(payload));

    [Fact]
    public void Explain_ALongValue_ShowsItsBeginning()
    {
        var explained = Filters
            .Of("""{"field":"a","equals":"x"}""")
            .Explain($$"""{"a":"{{new string('ü', 5000)}}"}""");
        Assert.Equal($"filter: a is \"{new string('ü', 30)}…\", but must be \"x\".", explained);
    }
}
