using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<(string Name, DateTimeOffset At)> _fired = [];

    [Fact]
    public void Advance_PastSeveralTimers_FiresEachAtItsTimeInOrder()
    {
        var start = _time.GetUtcNow();
        using var late = Start("late", seconds: 3);
        using var early = Start("early", seconds: 1);
        using var repeating = Start("every two", seconds: 2, everySeconds: 2);
        using var beyond = Start("beyond", seconds: 6);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(
            [
                ("early", start.AddSeconds(1)),
                ("every two", start.AddSeconds(2)),
                ("late", start.AddSeconds(3)),
                ("every two", start.AddSeconds(4)),
            ],
            _fired
        );
        Assert.Equal(start.AddSeconds(5), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(5), _time.GetElapsedTime(0));
    }

    [Fact]
    public void Advance_PastADisposedOrStoppedTimer_DoesNotFireIt()
    {
        Start("disposed", seconds: 1).Dispose();
        using var stopped = Start("stopped", seconds: 1);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(_fired);
    }

    [Fact]
    public void SetUtcNow_Back_LeavesTimersWhatTheyHaveLeft()
    {
        using var timer = Start("timer", seconds: 2);
        _time.SetUtcNow(_time.GetUtcNow().AddHours(-1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_fired);
    }

    private ITimer Start(string name, int seconds, int? everySeconds = null) =>
        _time.CreateTimer(
            _ => _fired.Add((name, _time.GetUtcNow())),
            null,
            TimeSpan.FromSeconds(seconds),
            everySeconds is null
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromSeconds(everySeconds.Value)
        );
}
