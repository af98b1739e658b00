using System.Collections.Concurrent;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// Collects what tasks threw and nobody looked at. What the simulation itself does to a process may go
/// unseen there, as a process that is killed looks at nothing any more.
/// </summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentBag<string> _seen = [];

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    /// <summary>All of them, once the tasks that nobody holds are gone.</summary>
    public IReadOnlyCollection<string> Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return _seen;
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        foreach (var exception in unobserved.Exception.Flatten().InnerExceptions)
        {
            // By name: the broken Core has types of its own.
            if (
                exception is not OperationCanceledException
                && exception.GetType().Name
                    is not (nameof(StoreUnavailableException) or nameof(ProcessDiedException))
            )
            {
                _seen.Add(exception.ToString());
            }
        }
    }
}
