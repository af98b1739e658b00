using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class SelectionTests
{
    [Fact]
    public void Of_NothingNamed_IsEverythingThatIsJudged()
    {
        var selection = Selection.Of([]);

        Assert.Equal(RatioList.All, selection.Ratios);
        Assert.True(selection.Aws);
        Assert.False(selection.Profile);
        Assert.False(selection.Volume);
    }

    [Fact]
    public void Of_AllAndOneThatIsNotJudged_IsBoth()
    {
        var selection = Selection.Of(["all", "profile"]);

        Assert.Equal(RatioList.All, selection.Ratios);
        Assert.True(selection.Aws);
        Assert.True(selection.Profile);
        Assert.False(selection.Volume);
    }

    [Fact]
    public void Of_Names_AreTheseAlone()
    {
        var selection = Selection.Of(["peer-2ms", "profile", "volume"]);

        Assert.Equal("peer-2ms", Assert.Single(selection.Ratios).Target.Name);
        Assert.False(selection.Aws);
        Assert.True(selection.Profile);
        Assert.True(selection.Volume);
    }

    [Fact]
    public void Of_UnknownName_ListsAllThereAre()
    {
        var fault = Assert.Throws<UsageException>(() => Selection.Of(["ingest", "ingset"]));

        Assert.Contains("ingset", fault.Message, StringComparison.Ordinal);
        Assert.All(
            [
                .. RatioList.All.Select(ratio => ratio.Target.Name),
                "aws",
                "profile",
                "volume",
                "all",
            ],
            name => Assert.Contains($" {name}", fault.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void RatioList_Names_AreUnique() =>
        Assert.Distinct(RatioList.All.Select(ratio => ratio.Target.Name));
}
