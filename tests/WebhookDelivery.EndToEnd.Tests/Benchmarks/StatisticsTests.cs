using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class StatisticsTests
{
    private static readonly double[] s_odd = [5, 1, 3];
    private static readonly double[] s_even = [4, 1, 3, 2];

    [Fact]
    public void Median_OddAndEven_IsTheMiddleOrBetweenTheTwo()
    {
        Assert.Equal(3, Statistics.Median(s_odd));
        Assert.Equal(2.5, Statistics.Median(s_even));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.75, 3.25)]
    [InlineData(1, 4)]
    public void Quantile_Share_IsInterpolated(double share, double expected) =>
        Assert.Equal(expected, Statistics.Quantile(s_even, share), precision: 9);

    [Fact]
    public void Quantile_OneValue_IsThatValue() => Assert.Equal(7, Statistics.Quantile([7], 0.75));
}
