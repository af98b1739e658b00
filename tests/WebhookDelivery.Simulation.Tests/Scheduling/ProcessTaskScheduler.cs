namespace WebhookDelivery.Simulation.Tests;

/// <summary>Starts a process's tasks as steps of the simulation.</summary>
internal sealed class ProcessTaskScheduler(SimulatedProcess process) : TaskScheduler
{
    protected override void QueueTask(Task task) =>
        process.Post(state => TryExecuteTask((Task)state!), task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
