namespace WebhookDelivery.Simulation.Tests;

/// <summary>What the machines' clocks show, which somebody may set.</summary>
internal sealed class WallClock
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _set;

    /// <summary>How far they were set back in all.</summary>
    public TimeSpan SetBack { get; private set; }

    /// <summary>How far they were set forwards in all.</summary>
    public TimeSpan SetForwards { get; private set; }

    public DateTimeOffset Now(SeededScheduler scheduler) => s_start + scheduler.Elapsed + _set;

    /// <summary>Sets them forwards, or back if negative.</summary>
    public void Set(TimeSpan by)
    {
        _set += by;
        if (by < TimeSpan.Zero)
        {
            SetBack -= by;
        }
        else
        {
            SetForwards += by;
        }
    }
}
