namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// What runs together and dies together: once killed, nothing of it runs again, whatever it waited
/// for.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly SeededScheduler _scheduler;

    public SimulatedProcess(int number, SeededScheduler scheduler)
    {
        _scheduler = scheduler;
        Number = number;
        Tasks = new ProcessTaskScheduler(this);
    }

    public int Number { get; }

    public bool IsAlive { get; private set; } = true;

    public TaskScheduler Tasks { get; }

    public void Kill() => IsAlive = false;

    public override void Post(SendOrPostCallback d, object? state) =>
        _scheduler.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in a simulation may wait for another thread.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts work in this process at some later step.</summary>
    public void Start(Func<Task> work) => Post(static state => _ = ((Func<Task>)state!)(), work);
}
