using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class EffortTests
{
    private static readonly RunSettings s_defaults = new("", "", "", "", 9, 5, 100_000, 200);

    [Fact]
    public void Effort_OfEveryRatioAtTheDefaults_IsLessThanTwoHoursInAll()
    {
        var minutes = RatioList.All.Select(ratio => ratio.Effort(s_defaults).Minutes).ToArray();

        Assert.All(minutes, each => Assert.InRange(each, 1, 20));
        Assert.InRange(minutes.Sum(), 30, 120);
    }

    [Fact]
    public void Effort_FewerPairsAndShorterBacklog_IsLess() =>
        Assert.All(
            RatioList.All,
            ratio =>
                Assert.True(
                    ratio.Effort(s_defaults with { Pairs = 3, Backlog = 2000 }).Minutes
                        < ratio.Effort(s_defaults).Minutes / 2
                )
        );
}
