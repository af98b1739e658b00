namespace WebhookDelivery.Core;

/// <summary>
/// Tells this process's sweeper that background work waits (an endpoint was enabled or deleted, a
/// tenant deleted), so that it need not wait for its next round. A hint: the work itself is stored.
/// </summary>
public sealed class BacklogSignal
{
    private TaskCompletionSource _raised = New();

    /// <summary>Raises the signal; it stays raised until it is taken.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Completes when the signal is raised.</summary>
    public Task WhenRaised => Volatile.Read(ref _raised).Task;

    /// <summary>Lowers the signal. Call it before looking for work, so that none is missed.</summary>
    public void Lower()
    {
        if (WhenRaised.IsCompleted)
        {
            Volatile.Write(ref _raised, New());
        }
    }

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
