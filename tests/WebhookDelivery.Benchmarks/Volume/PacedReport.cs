namespace WebhookDelivery.Benchmarks;

/// <summary>What a paced arm has seen.</summary>
/// <param name="Samples">Every request, in the order of their times.</param>
/// <param name="CpuSeconds">CPU time of the server meanwhile.</param>
internal sealed record PacedReport(IReadOnlyList<PacedSample> Samples, double CpuSeconds)
{
    public long Accepted => Samples.Count(sample => sample.IsAccepted);

    public long Refused => Samples.Count(sample => !sample.IsAccepted);

    /// <summary>From when each answer was due to be asked for until it was there, in milliseconds.</summary>
    public IReadOnlyList<double> AnswerMilliseconds =>
        [.. Samples.Select(sample => MonotonicClock.Milliseconds(sample.Due, sample.Answered))];
}
