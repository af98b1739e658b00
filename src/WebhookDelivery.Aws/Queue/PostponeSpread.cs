namespace WebhookDelivery.Aws;

/// <summary>
/// How long a postponed delivery stays away at least: longer each time, so that a backlog that cannot
/// go does not go round the queue without end. Pure.
/// </summary>
internal static class PostponeSpread
{
    /// <summary>At the first postponement.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <summary>From the fifth on.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(2);

    /// <summary>Up to so much less, so that what was postponed together does not come back together.</summary>
    private const double JitterShare = 0.25;

    /// <summary>The least wait: 5 s × 2ⁿ, at most 2 minutes, less up to a quarter.</summary>
    /// <param name="postponements">How often it was postponed before.</param>
    /// <param name="jitter">From -1 to 1.</param>
    public static TimeSpan Of(int postponements, double jitter)
    {
        // 5 s × 2⁵ is more than 2 minutes already.
        var grown = First * Math.Pow(2, Math.Min(postponements, 5));
        var spread = grown < Max ? grown : Max;
        return spread * (1 - (JitterShare * (1 + jitter) / 2));
    }
}
