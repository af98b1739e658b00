namespace WebhookDelivery.Benchmarks;

/// <summary>What the sink has counted.</summary>
/// <param name="Requests">All requests, duplicates included.</param>
/// <param name="Distinct">Distinct values of <c>webhook-id</c>.</param>
/// <param name="WindowEvents">Distinct ids between the marks; 0 until the second is passed.</param>
/// <param name="WindowSeconds">The time between the marks.</param>
/// <param name="WindowCpuSeconds">CPU time of the sender between the marks.</param>
/// <param name="WindowHelperCpuSeconds">CPU time of its helper between the marks.</param>
internal sealed record SinkReport(
    long Requests,
    long Distinct,
    long WindowEvents,
    double WindowSeconds,
    double WindowCpuSeconds,
    double WindowHelperCpuSeconds
);
