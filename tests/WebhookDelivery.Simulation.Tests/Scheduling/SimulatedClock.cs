namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// A process's clock. It shows the scheduler's time, moved by what the machine's clock was set to and
/// by how far this one is off; timers run on the scheduler's time alone, as they do on real machines.
/// </summary>
internal sealed class SimulatedClock(
    SeededScheduler scheduler,
    SimulatedProcess process,
    WallClock wall,
    TimeSpan skew
) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => wall.Now(scheduler) + skew;

    public override long GetTimestamp() => scheduler.Elapsed.Ticks;

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = new SimulatedTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
