namespace WebhookDelivery.Benchmarks;

/// <summary>What a noisy machine leaves standing of some figures: the middle, and how far they spread.</summary>
internal static class Statistics
{
    /// <summary>The middle value; the mean of the two middle ones where there is none.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value that a share of the others is not above, interpolated between two where it has to be.</summary>
    /// <param name="values">At least one, in any order.</param>
    /// <param name="share">0 to 1: 0.25 is the lower quartile.</param>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
