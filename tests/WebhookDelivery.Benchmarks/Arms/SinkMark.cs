namespace WebhookDelivery.Benchmarks;

/// <summary>The clocks at a moment of a count.</summary>
/// <param name="Timestamp">Of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="CpuSeconds">CPU time of the sender so far.</param>
/// <param name="HelperCpuSeconds">CPU time of its helper so far.</param>
internal readonly record struct SinkMark(
    long Timestamp,
    double CpuSeconds,
    double HelperCpuSeconds
);
