using System.Collections.Concurrent;
using System.Diagnostics;

namespace WebhookDelivery.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int RunTwice = 300;

    [Fact]
    public async Task Run_OfOneSeedTwice_HappensInTheSameWay()
    {
        var different = await Seeds.FindAsync(
            Seeds.First,
            Math.Min(RunTwice, Seeds.Count),
            failuresMax: 5,
            seed =>
                Simulation.Run(seed).Hash == Simulation.Run(seed).Hash
                    ? []
                    : ["Its second run is another."]
        );
        Assert.True(different.Count == 0, Tell(different));
    }

    [Fact]
    public void Run_OfTwoSeeds_HappensInTwoWays() =>
        Assert.NotEqual(Simulation.Run(1).Hash, Simulation.Run(2).Hash);

    [Fact]
    public async Task Run_OfManySeeds_ViolatesNothing()
    {
        var broken = Seeds.MutationName is null ? null : await BrokenCore.CompileAsync();
        (ulong, IReadOnlyList<string> Violations, IReadOnlyList<string> Lines) Run(int seed) =>
            broken is null
                ? Simulation.Run(seed, inWords: Seeds.Count == 1)
                : broken.Run(Seeds.MutationName, seed, inWords: Seeds.Count == 1);

        var start = Stopwatch.GetTimestamp();
        using var unobserved = new UnobservedExceptions();
        var failures = await Seeds.FindAsync(
            Seeds.First,
            Seeds.Count,
            failuresMax: 5,
            seed =>
            {
                var (_, violations, lines) = Run(seed);
                foreach (var line in lines)
                {
                    output.WriteLine(line);
                }

                return violations;
            }
        );
        output.WriteLine(
            $"{Seeds.Count} seeds from {Seeds.First}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"
        );
        Assert.True(failures.Count == 0, Tell(failures));
        Assert.Empty(unobserved.Collect());
    }

    private static string Tell(
        IReadOnlyList<(int Seed, IReadOnlyList<string> Violations)> failures
    ) =>
        string.Join(
            '\n',
            failures.Select(each =>
                $"Seed {each.Seed}: {string.Join("\n  ", each.Violations)}\n  {Seeds.Replay(each.Seed, Seeds.MutationName)}"
            )
        );
}
