namespace WebhookDelivery.Benchmarks;

/// <summary>
/// When what is measured, in seconds after a server has begun to deliver. While the hung endpoint's
/// first attempts last, its slots are taken; they time out all at once, which opens its breaker.
/// </summary>
/// <param name="WarmUp">Posts before are not measured.</param>
/// <param name="Span">How long each of the two times is measured.</param>
/// <param name="TimeoutSeconds">The hung endpoint's deadline.</param>
internal sealed record LatencyTimes(double WarmUp, double Span, double TimeoutSeconds)
{
    /// <summary>Between the end of the first time and the deadline, and between its start and the second.</summary>
    private const double Margin = 1;

    /// <summary>With the default of <c>--seconds</c>, 3,000 posts each and the server's default deadline.</summary>
    public static LatencyTimes Of(RunSettings settings)
    {
        const double warmUp = 4;
        var span = Math.Clamp(2 * settings.Seconds, 1, 20);
        return new LatencyTimes(warmUp, span, warmUp + span + Margin);
    }

    /// <summary>From here on, the deadline and the opening of the breaker are part of what is measured.</summary>
    public double OpenFrom => TimeoutSeconds - Margin / 2;

    public double End => OpenFrom + Span;
}
