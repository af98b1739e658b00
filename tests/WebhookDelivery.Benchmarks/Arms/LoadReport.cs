namespace WebhookDelivery.Benchmarks;

/// <summary>What a load arm has seen.</summary>
/// <param name="Accepted">201s within the measured time.</param>
/// <param name="Seconds">The measured time.</param>
/// <param name="CpuSeconds">CPU time of the server within it.</param>
/// <param name="AcceptedTotal">201s of the whole run, warm-up and last answers included.</param>
/// <param name="Refused">Other answers of the whole run.</param>
internal sealed record LoadReport(
    long Accepted,
    double Seconds,
    double CpuSeconds,
    long AcceptedTotal,
    long Refused
)
{
    public double PerSecond => Accepted / Seconds;
}
