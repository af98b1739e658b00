using System.Collections.Concurrent;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Which seeds to run, as the environment says, and how to run them side by side.</summary>
internal static class Seeds
{
    private const string FirstVariable = "WEBHOOKDELIVERY_SIMULATION_SEED";
    private const string CountVariable = "WEBHOOKDELIVERY_SIMULATION_SEEDS";
    private const string MutationVariable = "WEBHOOKDELIVERY_SIMULATION_MUTATION";

    /// <summary>The first seed; default 1.</summary>
    public static int First => ReadNumber(FirstVariable) ?? 1;

    /// <summary>How many seeds; default 5,000.</summary>
    public static int Count => ReadNumber(CountVariable) ?? 5000;

    /// <summary>The fault that Core is to have; null for none.</summary>
    public static string? MutationName => Environment.GetEnvironmentVariable(MutationVariable);

    /// <summary>The command that runs one seed again, telling what happens.</summary>
    public static string Replay(int seed, string? mutation = null) =>
        $"{FirstVariable}={seed} {CountVariable}=1 {(mutation is null ? "" : $"{MutationVariable}={mutation} ")}scripts/test.sh Simulation.Tests --filter Run_OfManySeeds";

    /// <summary>
    /// Runs seeds on every core until one fails in <paramref name="run"/>; returns those that did, each
    /// with what was violated, by seed.
    /// </summary>
    public static async Task<IReadOnlyList<(int Seed, IReadOnlyList<string> Violations)>> FindAsync(
        int first,
        int count,
        int failuresMax,
        Func<int, IReadOnlyList<string>> run
    )
    {
        var failures = new ConcurrentBag<(int, IReadOnlyList<string>)>();
        var next = first - 1;
        void Work()
        {
            int seed;
            while (
                failures.Count < failuresMax
                && (seed = Interlocked.Increment(ref next)) < first + count
            )
            {
                if (run(seed) is { Count: > 0 } violations)
                {
                    failures.Add((seed, violations));
                }
            }
        }

        await Task.WhenAll(
            Enumerable.Range(0, Math.Max(2, Environment.ProcessorCount)).Select(_ => Task.Run(Work))
        );
        return [.. failures.OrderBy(each => each.Item1)];
    }

    private static int? ReadNumber(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
