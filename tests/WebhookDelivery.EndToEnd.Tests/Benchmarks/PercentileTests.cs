using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class PercentileTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0.001, 1)]
    public void Of_OneToAHundred_IsTheNearestRank(double share, double expected)
    {
        var values = Enumerable.Range(1, 100).Reverse().Select(value => (double)value);

        Assert.Equal(expected, Percentile.Of(values, share));
    }

    [Fact]
    public void Of_Nothing_BreaksTheRun() =>
        Assert.Throws<BrokenRunException>(() => Percentile.Of([], 0.99));
}
