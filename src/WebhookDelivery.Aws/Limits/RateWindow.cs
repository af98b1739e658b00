namespace WebhookDelivery.Aws;

/// <summary>
/// A stretch of time in which a rate allows a whole number of attempts: 10/s is 10 in 1 s, 2.5/s is
/// 2 in 0.8 s, 0.1/s is 1 in 10 s. Windows begin at multiples of their length since year 1, so that
/// all processes mean the same one without agreeing on it.
/// </summary>
/// <param name="Start">When it begins, inclusive.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Limit">Attempts that it allows, at least 1.</param>
internal readonly record struct RateWindow(DateTimeOffset Start, TimeSpan Length, int Limit)
{
    /// <summary>
    /// The furthest that anybody is sent: SQS holds a message no longer, and what waits longer would
    /// miss a raised limit.
    /// </summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(15);

    /// <summary>The window of a rate, attempts per second, that a time falls in.</summary>
    public static RateWindow At(double perSecond, DateTimeOffset time)
    {
        var limit = (int)Math.Clamp(Math.Floor(perSecond), 1, int.MaxValue);

        // Rounded up: a rate may be missed by a tick, not exceeded. The bound is that of TimeSpan.
        var ticks = (long)Math.Min(Math.Ceiling(limit / perSecond * TimeSpan.TicksPerSecond), 1e18);
        var start = time.UtcTicks / ticks * ticks;
        return new RateWindow(new DateTimeOffset(start, TimeSpan.Zero), new(ticks), limit);
    }

    /// <summary>
    /// When the n-th to ask in this window asks again; null if it is among those that may go. The
    /// first <see cref="Limit"/> that may not are sent to the next window, as many to the one after,
    /// and so on: each finds its window as empty as the newcomers leave it. Past
    /// <see cref="WaitMax"/> it begins again with the next window.
    /// </summary>
    public DateTimeOffset? RetryAt(long n, DateTimeOffset now)
    {
        if (n <= Limit)
        {
            return null;
        }

        var furthest = Math.Max(1, WaitMax.Ticks / Length.Ticks);
        var ahead = 1 + (((n - 1) / Limit) - 1) % furthest;
        var at = Start.AddTicks(ahead * Length.Ticks);
        var latest = now + WaitMax;
        return at < latest ? at : latest;
    }
}
