namespace WebhookDelivery.Simulation.Tests;

/// <summary>A simulation that finds nothing is worth what it finds in a Core that is broken.</summary>
public sealed class BrokenCoreTests(ITestOutputHelper output)
{
    /// <summary>Seeds that each fault may take to be found.</summary>
    private const int SeedsMax = 1500;

    [Fact]
    public async Task Run_OnABrokenCore_FindsEveryFault()
    {
        var core = await BrokenCore.CompileAsync();
        Assert.All(
            Enumerable.Range(1, 10),
            seed =>
            {
                // The same source, with no fault switched on: the same run.
                var (hash, violations, _) = core.Run(null, seed);
                Assert.Empty(violations);
                Assert.Equal(Simulation.Run(seed).Hash, hash);
            }
        );
        Assert.All(Mutation.All, mutation => Find(core, mutation));
    }

    private void Find(BrokenCore core, Mutation mutation)
    {
        for (var seed = mutation.FirstSeed; seed < mutation.FirstSeed + SeedsMax; seed++)
        {
            var (_, violations, _) = core.Run(mutation.Name, seed);
            if (violations.Count > 0)
            {
                output.WriteLine($"{mutation.Name}: found by seed {seed}: {violations[0]}");
                return;
            }
        }

        Assert.Fail(
            $"{mutation.Name} was not found by {SeedsMax} seeds from {mutation.FirstSeed}."
        );
    }
}
