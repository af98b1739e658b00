namespace WebhookDelivery.Benchmarks;

/// <summary>What one server's healthy tenant has seen, in milliseconds from post to receipt.</summary>
/// <param name="TakenP99">While a hung endpoint's slots are taken, or would be.</param>
/// <param name="OpenP99">While they time out and its breaker is open, or would be.</param>
/// <param name="P50">Over both times.</param>
/// <param name="Samples">Posts within the shorter of the two.</param>
/// <param name="CpuMilliseconds">CPU time of the server for each post.</param>
internal sealed record LatencyFigures(
    double TakenP99,
    double OpenP99,
    double P50,
    int Samples,
    double CpuMilliseconds
);
