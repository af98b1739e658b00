using System.Diagnostics;

namespace WebhookDelivery.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_OfOneSeedTwice_HappensInTheSameWay()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Equal(Simulation.Run(seed).Hash, Simulation.Run(seed).Hash);
        }
    }

    [Fact]
    public void Run_OfManySeeds_ViolatesNothing()
    {
        var from = int.Parse(Environment.GetEnvironmentVariable("SIM_SEED") ?? "0");
        var count = int.Parse(Environment.GetEnvironmentVariable("SIM_COUNT") ?? "100");
        var start = Stopwatch.GetTimestamp();
        var bad = 0;
        for (var seed = from; seed < from + count; seed++)
        {
            var (_, violations, lines) = Simulation.Run(seed, count == 1);
            foreach (var line in lines)
            {
                output.WriteLine(line);
            }

            if (violations.Count > 0)
            {
                bad++;
                output.WriteLine($"seed {seed}: {string.Join("\n    ", violations)}");
                if (bad > 8)
                {
                    break;
                }
            }
        }

        output.WriteLine($"{count} seeds in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        Assert.Equal(0, bad);
    }
}
