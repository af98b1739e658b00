namespace WebhookDelivery.Simulation.Tests;

/// <summary>A timer on the scheduler's own time; it dies with its process.</summary>
internal sealed class SimulatedTimer(
    SeededScheduler scheduler,
    SimulatedProcess process,
    TimerCallback callback,
    object? state
) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    public SimulatedProcess Process { get; } = process;

    /// <summary>Grows with every change, so that what was started before is known to be stale.</summary>
    public int Version { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            scheduler.Start(this, scheduler.Elapsed + dueTime);
        }

        return true;
    }

    /// <summary>Starts the next period, if there is one.</summary>
    public void BeforeFiring()
    {
        Version++;
        if (_period > TimeSpan.Zero)
        {
            scheduler.Start(this, scheduler.Elapsed + _period);
        }
    }

    public void Fire() => callback(state);

    public void Dispose() => Version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
