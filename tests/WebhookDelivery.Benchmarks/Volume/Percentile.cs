namespace WebhookDelivery.Benchmarks;

/// <summary>Ranks of measured values.</summary>
internal static class Percentile
{
    /// <summary>
    /// The smallest value that at least this share of all values does not exceed (nearest rank).
    /// </summary>
    /// <param name="values">At least one.</param>
    /// <param name="share">Above 0 and at most 1.</param>
    public static double Of(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? throw new BrokenRunException("Nothing was measured.")
            : sorted[
                Math.Clamp((int)Math.Ceiling(sorted.Length * share) - 1, 0, sorted.Length - 1)
            ];
    }
}
