namespace WebhookDelivery.Core.Tests;

public sealed class FailureStreakTests
{
    private static readonly EndpointHealthOptions s_options = new();
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Add_TheTenthAfterAMinute_SaysSinceWhenOnce()
    {
        var streak = new FailureStreak();
        Assert.All(Enumerable.Range(0, 9), i => Assert.Null(Add(streak, i * 10)));
        Assert.Equal(s_start, Add(streak, 90));
        Assert.Null(Add(streak, 100));
    }

    [Fact]
    public void Add_ManyWithinAMinute_WaitForItsEnd()
    {
        var streak = new FailureStreak();
        Assert.All(Enumerable.Range(0, 600), i => Assert.Null(Add(streak, i * 0.1)));
        Assert.Equal(s_start, Add(streak, 60));
    }

    [Fact]
    public void Add_FewOverDays_WaitForTheTenth()
    {
        var streak = new FailureStreak();
        Assert.All(Enumerable.Range(0, 9), i => Assert.Null(Add(streak, i * 86_400)));
        Assert.Equal(s_start, Add(streak, 9 * 86_400));
    }

    [Fact]
    public void Add_AttemptsThatEndInAnotherOrder_CountFromTheFirstThatBegan()
    {
        var streak = new FailureStreak();
        Add(streak, 10);
        Add(streak, 0);
        Assert.All(Enumerable.Range(0, 7), _ => Assert.Null(Add(streak, 20)));
        Assert.Equal(s_start, Add(streak, 60));
    }

    [Fact]
    public void Add_OfANewVersion_StartsAnewAndForgetsTheOld()
    {
        var streak = new FailureStreak();
        Assert.All(Enumerable.Range(0, 9), i => Assert.Null(Add(streak, i)));
        Assert.Null(Add(streak, 100, version: 2));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Null(Add(streak, 200, version: 1)));
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Null(Add(streak, 150, version: 2)));
        Assert.Equal(s_start.AddSeconds(100), Add(streak, 160, version: 2));
    }

    [Fact]
    public void End_BeforeAndAfterItIsFailing_TellsThemApart()
    {
        var streak = new FailureStreak();
        Add(streak, 0);
        Assert.Null(streak.End());
        Assert.True(streak.HasEnded);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Null(Add(streak, 90)));

        var failing = new FailureStreak();
        Assert.All(Enumerable.Range(0, 10), _ => Add(failing, 0));
        Assert.Equal(s_start, Add(failing, 60));
        Assert.Equal(s_start, failing.End());
    }

    private static DateTimeOffset? Add(FailureStreak streak, double seconds, int version = 1) =>
        streak.Add(version, s_start.AddSeconds(seconds), s_options);
}
