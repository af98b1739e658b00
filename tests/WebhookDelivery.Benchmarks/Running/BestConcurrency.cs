namespace WebhookDelivery.Benchmarks;

/// <summary>Finds how many connections an arm does best with, by short runs.</summary>
internal static class BestConcurrency
{
    private static readonly int[] s_candidates = [8, 16, 32, 64, 128];

    private const double WarmUpSeconds = 1;
    private const double MeasuredSeconds = 1.5;

    /// <summary>How long the search takes.</summary>
    public static double Seconds => s_candidates.Length * (WarmUpSeconds + MeasuredSeconds);

    public static async Task<int> FindAsync(
        Func<int, Load> load,
        CancellationToken cancellationToken
    )
    {
        var best = (Connections: 0, PerSecond: 0.0);
        foreach (var connections in s_candidates)
        {
            var report = await load(connections)
                .RunAsync(WarmUpSeconds, MeasuredSeconds, cancellationToken);
            if (report.PerSecond > best.PerSecond)
            {
                best = (connections, report.PerSecond);
            }
        }

        return best.Connections;
    }
}
