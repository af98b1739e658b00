namespace WebhookDelivery.Aws.Tests;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10_000, 10_000, 1)]
    [InlineData(10, 10, 1)]
    [InlineData(2.5, 2, 0.8)]
    [InlineData(1, 1, 1)]
    [InlineData(0.1, 1, 10)]
    [InlineData(0.001, 1, 1000)]
    public void At_ARate_IsAWholeNumberOfAttemptsInTheirTime(
        double perSecond,
        int limit,
        double seconds
    )
    {
        var window = RateWindow.At(perSecond, Now);
        Assert.Equal((limit, TimeSpan.FromSeconds(seconds)), (window.Limit, window.Length));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2.7)]
    [InlineData(0.3)]
    public void At_TimesInOrder_TilesTimeWithoutGaps(double perSecond)
    {
        var window = RateWindow.At(perSecond, Now.AddSeconds(1.234));
        var end = window.Start + window.Length;
        Assert.Equal(window, RateWindow.At(perSecond, window.Start));
        Assert.Equal(window, RateWindow.At(perSecond, end.AddTicks(-1)));
        Assert.Equal(end, RateWindow.At(perSecond, end).Start);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(10, null)]
    [InlineData(11, 1)]
    [InlineData(20, 1)]
    [InlineData(21, 2)]
    [InlineData(100, 9)]
    public void RetryAt_TheNth_IsSentAsManyWindowsAheadAsAreTaken(int n, int? windowsAhead)
    {
        var now = Now.AddMilliseconds(300);
        Assert.Equal(
            windowsAhead is { } ahead ? Now.AddSeconds(ahead) : null,
            RateWindow.At(10, now).RetryAt(n, now)
        );
    }

    [Fact]
    public void RetryAt_MoreThanFitInto15Minutes_BeginsAgainWithTheNextWindow()
    {
        var window = RateWindow.At(1, Now);
        Assert.Equal(Now.AddMinutes(15), window.RetryAt(901, Now));
        Assert.Equal(Now.AddSeconds(1), window.RetryAt(902, Now));
    }

    [Fact]
    public void RetryAt_OfAWindowLongerThan15Minutes_AsksAgainWithinIt()
    {
        var window = RateWindow.At(0.001, Now);
        Assert.Equal(window.Start.AddMinutes(15), window.RetryAt(2, window.Start));
        var later = window.Start.AddMinutes(15);
        Assert.Equal(window.Start + window.Length, window.RetryAt(3, later));
    }
}
