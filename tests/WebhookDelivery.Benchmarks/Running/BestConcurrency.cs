namespace WebhookDelivery.Benchmarks;

/// <summary>Finds how many connections an arm does best with, by short runs.</summary>
internal static class BestConcurrency
{
    private static readonly int[] s_candidates = [8, 16, 32, 64, 128];

    public static async Task<int> FindAsync(
        Func<int, Load> load,
        CancellationToken cancellationToken
    )
    {
        var best = (Connections: 0, PerSecond: 0.0);
        foreach (var connections in s_candidates)
        {
            var report = await load(connections).RunAsync(1, 1.5, cancellationToken);
            if (report.PerSecond > best.PerSecond)
            {
                best = (connections, report.PerSecond);
            }
        }

        return best.Connections;
    }
}
