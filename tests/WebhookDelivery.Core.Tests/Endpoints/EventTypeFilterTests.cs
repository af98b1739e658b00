using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class EventTypeFilterTests
{
    // A small vocabulary, empty segments included, so that patterns and types often meet.
    private static readonly Gen<string> Segments = Gen.Elements("a", "b", "ab", "", "**x", "*");

    private static readonly Arbitrary<string> Types = Segments
        .NonEmptyListOf()
        .Select(segments => string.Join('.', segments))
        .Where(type => EventTypeFilter.IsType(type))
        .ToArbitrary();

    private static readonly Arbitrary<string[]> Patterns = (
        from head in Gen.Elements("a", "b", "ab", "", "*").ListOf()
        from last in Gen.Elements("a", "*", "**", "")
        select string.Join('.', head.Append(last))
    )
        .Where(pattern => pattern.Length > 0)
        .ListOf()
        .Where(patterns => patterns.Count <= EventTypeFilter.PatternsMax)
        .Select(patterns => patterns.ToArray())
        .ToArbitrary();

    [Fact]
    public void Matches_AnyPatternsAndType_AgreesWithTheSlowMatcher() =>
        Prop.ForAll(
                Patterns,
                Types,
                (patterns, type) =>
                {
                    var filter = EventTypeFilter.Parse(patterns, out var fault);
                    return fault is null
                        && filter!.Matches(type)
                            == (
                                patterns.Length == 0
                                || patterns.Any(each => Reference(each.Split('.'), type.Split('.')))
                            );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Theory]
    [InlineData("order.paid", "order.paid", true)]
    [InlineData("order.paid", "order.Paid", false)]
    [InlineData("order.paid", "order", false)]
    [InlineData("order.paid", "order.paid.twice", false)]
    [InlineData("order", "order.paid", false)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*", "order.", true)]
    [InlineData("order.*", "order.paid.twice", false)]
    [InlineData("order.**", "order.paid", true)]
    [InlineData("order.**", "order.paid.twice", true)]
    [InlineData("order.**", "order", false)]
    [InlineData("*.paid", "order.paid", true)]
    [InlineData("*.paid", "a.b.paid", false)]
    [InlineData("*.*.**", "a.b", false)]
    [InlineData("*.*.**", "a.b.c.d", true)]
    [InlineData("*", "order", true)]
    [InlineData("*", "order.paid", false)]
    [InlineData("**", "order.paid", true)]
    [InlineData("order.*", "orders.paid", false)]
    public void Matches_Wildcards_StandForWholeSegments(string pattern, string type, bool matches)
    {
        var filter = EventTypeFilter.Parse([pattern], out var fault);
        Assert.Null(fault);
        Assert.Equal(matches, filter!.Matches(type));
    }

    [Fact]
    public void Matches_NoType_OnlyTheEmptyFilterPasses()
    {
        Assert.True(EventTypeFilter.All.Matches(null));
        Assert.True(EventTypeFilter.All.Matches("anything"));
        Assert.False(EventTypeFilter.Parse(["**"], out _)!.Matches(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\n")]
    [InlineData("a\u007f")]
    [InlineData("é")]
    [InlineData("a*")]
    [InlineData("a.b*")]
    [InlineData("***")]
    [InlineData("**.a")]
    [InlineData("a.**.b")]
    [InlineData(null)]
    public void Parse_NotAPattern_NamesItsPlace(string? pattern)
    {
        Assert.Null(EventTypeFilter.Parse(["a", pattern!], out var fault));
        Assert.StartsWith("Event type 2 ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AtTheBounds_IsInclusive()
    {
        var longest = new string('a', EventTypeFilter.TypeLengthMax);
        Assert.NotNull(EventTypeFilter.Parse([longest], out _));
        Assert.Null(EventTypeFilter.Parse([longest + "a"], out _));
        Assert.NotNull(EventTypeFilter.Parse([.. Enumerable.Repeat("a", 100)], out _));
        Assert.Null(EventTypeFilter.Parse([.. Enumerable.Repeat("a", 101)], out var fault));
        Assert.Contains("100", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_SamePatterns_IsTrue()
    {
        var one = EventTypeFilter.Parse(["a", "b.*"], out _)!;
        var same = EventTypeFilter.Parse(["a", "b.*"], out _)!;
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, EventTypeFilter.Parse(["b.*", "a"], out _));
        Assert.NotEqual(one, EventTypeFilter.All);
    }

    /// <summary>The rule as it is told: by cases on the first pattern segment.</summary>
    private static bool Reference(string[] pattern, string[] type) =>
        pattern switch
        {
            [] => type.Length == 0,
            ["**"] => type.Length >= 1,
            ["*", .. var rest] => type.Length >= 1 && Reference(rest, type[1..]),
            [var first, .. var rest] => type.Length >= 1
                && type[0] == first
                && Reference(rest, type[1..]),
        };
}
