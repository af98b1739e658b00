using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// How long receivers took to answer, in milliseconds; each at most 5 % off from 0.1 ms to 60 s.
/// </summary>
/// <param name="P50">What half of them did not exceed.</param>
/// <param name="P90">What 90 % of them did not exceed.</param>
/// <param name="P95">What 95 % of them did not exceed.</param>
/// <param name="P99">What 99 % of them did not exceed.</param>
/// <param name="Max">The longest.</param>
/// <param name="Count">How many answers.</param>
internal sealed record LatencyBody(
    double P50,
    double P90,
    double P95,
    double P99,
    double Max,
    long Count
)
{
    /// <summary>Null where no attempt got an answer.</summary>
    public static LatencyBody? Of(LatencyHistogram latency) =>
        latency.Count == 0
            ? null
            : new LatencyBody(
                At(latency, 0.5),
                At(latency, 0.9),
                At(latency, 0.95),
                At(latency, 0.99),
                At(latency, 1),
                latency.Count
            );

    private static double At(LatencyHistogram latency, double part) =>
        Math.Round(latency.Percentile(part)!.Value.TotalMilliseconds, 2);
}
