namespace WebhookDelivery.Aws.Tests;

public sealed class DueTimesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly AwsEngineOptions s_options = new()
    {
        QueueUrl = "due",
        DeadLetterQueueUrl = "dead",
        PayloadBucket = "payloads",
    };

    [Theory]
    [InlineData(-600, 0)]
    [InlineData(0, 0)]
    [InlineData(60, 60)]
    [InlineData(900, 900)]
    public void Of_AWaitThatAMessageCanHave_IsWhenItCountsAsLost(int wait, int from)
    {
        var due = DueTimes.Of(s_now.AddSeconds(wait), s_now, s_options);
        Assert.Equal(new DueTime(s_now.AddSeconds(from + 120 + 60), Rests: false), due);
    }

    [Theory]
    [InlineData(901)]
    [InlineData(604_800)]
    public void Of_ALongerWait_RestsUntilItsTime(int wait)
    {
        var due = DueTimes.Of(s_now.AddSeconds(wait), s_now, s_options);
        Assert.Equal(new DueTime(s_now.AddSeconds(wait), Rests: true), due);
    }

    [Fact]
    public void Of_WithoutDelays_RestsForEveryWaitAndLooksNotAhead()
    {
        var options = s_options with { DelayMax = TimeSpan.Zero };
        Assert.Equal(
            new DueTime(s_now.AddMilliseconds(1), Rests: true),
            DueTimes.Of(s_now.AddMilliseconds(1), s_now, options)
        );
        Assert.Equal(
            new DueTime(s_now + options.HealingGrace, Rests: false),
            DueTimes.Of(s_now, s_now, options)
        );
    }
}
