namespace WebhookDelivery.Benchmarks;

/// <summary>One request of a paced arm, in ticks of the stopwatch.</summary>
/// <param name="Due">When it was to be sent, which is when it counts as begun.</param>
/// <param name="Answered">When its answer was there.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="EventId">The event that was made; null if none was.</param>
internal readonly record struct PacedSample(long Due, long Answered, int Status, string? EventId)
{
    public bool IsAccepted => Status == 201 && EventId is not null;
}
