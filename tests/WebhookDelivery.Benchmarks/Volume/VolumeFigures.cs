namespace WebhookDelivery.Benchmarks;

/// <summary>What a server is like with a backlog.</summary>
/// <param name="Queued">How many deliveries it began with.</param>
/// <param name="FilledPerSecond">How fast they had been accepted, delivery paused.</param>
/// <param name="StartSeconds">From the start of its process until it was ready.</param>
/// <param name="Megabytes">Resident, while it waits for slow receivers.</param>
/// <param name="Lists">How long each list takes to answer meanwhile, by what is listed.</param>
/// <param name="Posts">How long an event takes to be accepted meanwhile.</param>
/// <param name="DeliveredPerSecond">Once the receivers answer at once.</param>
/// <param name="PeakMegabytes">The most that was resident until then.</param>
/// <param name="Timed">The counts when that had been timed.</param>
internal sealed record VolumeFigures(
    long Queued,
    double FilledPerSecond,
    double StartSeconds,
    double Megabytes,
    IReadOnlyList<(string Name, AnswerTimes Times)> Lists,
    AnswerTimes Posts,
    double DeliveredPerSecond,
    double PeakMegabytes,
    TallyReport Timed
);
