using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

public sealed class WakeTimerTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly WakeTimer _timer;
    private int _wakes;

    public WakeTimerTests() => _timer = new WakeTimer(_time, () => _wakes++);

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public void Arm_SeveralTimes_WakesAtTheEarliest()
    {
        _timer.Arm(Now + (5 * s_second));
        _timer.Arm(Now + (2 * s_second));
        _timer.Arm(Now + (3 * s_second));

        _time.Advance((2 * s_second) - TimeSpan.FromTicks(1));
        Assert.Equal(0, _wakes);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, _wakes);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void Arm_LongAhead_WakesAfterAMinuteToLookAgain()
    {
        _timer.Arm(Now.AddDays(100));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void Arm_TimeThatHasPassed_WakesAtOnce()
    {
        _timer.Arm(Now - s_second);
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void Arm_AfterTheClockWasSetBack_WakesOnTime()
    {
        _timer.Arm(Now + (30 * s_second));
        _time.SetUtcNow(Now.AddHours(-1));
        _timer.Arm(Now + s_second);

        _time.Advance(s_second);
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void Arm_AfterTheClockWasSetForwards_WakesOnTime()
    {
        _timer.Arm(Now + (30 * s_second));
        _time.SetUtcNow(Now.AddHours(1));
        _timer.Arm(Now + s_second);

        _time.Advance(s_second);
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void Arm_WhileTheTimerIsOnlyLate_LeavesItToFire()
    {
        // Put off by each call, it would never fire while there are many.
        _timer.Arm(Now + s_second);
        _time.SetUtcNow(Now + (1.5 * s_second));
        _timer.Arm(Now + (10 * s_second));

        _time.Advance(s_second);
        Assert.Equal(1, _wakes);
    }

    public void Dispose() => _timer.Dispose();
}
