namespace WebhookDelivery.Benchmarks;

/// <summary>The one statistic that a noisy machine leaves standing.</summary>
internal static class Statistics
{
    /// <summary>The middle value; the mean of the two middle ones where there is none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
