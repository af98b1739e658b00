namespace WebhookDelivery.Simulation.Tests;

/// <summary>Runs seeds. Only plain types pass in and out, so that it can also run beside another Core.</summary>
public static class Simulation
{
    /// <summary>Runs one seed.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="inWords">Whether to tell what happened.</param>
    /// <returns>A number that every run of the seed must agree on, and what was violated.</returns>
    public static (ulong Hash, IReadOnlyList<string> Violations, IReadOnlyList<string> Lines) Run(
        int seed,
        bool inWords = false
    )
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var world = new World(seed, inWords);
            world.Run();
            return (world.Trace.Hash, world.Journal.Violations, world.Trace.Lines);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
