namespace WebhookDelivery.Core;

/// <summary>
/// How fast a backlog is given to its endpoint. It begins slowly, doubles while what was started comes
/// through, halves while it waits, and rests while it fails.
/// </summary>
/// <param name="PerSecond">Deliveries started per second; above 0.</param>
/// <param name="Rests">Rests since something last came through.</param>
/// <param name="IsResting">Whether it has rested since it last started something.</param>
public sealed record DrainPace(double PerSecond, int Rests = 0, bool IsResting = false)
{
    /// <summary>Deliveries that tell how a slice went, and that try an endpoint that failed.</summary>
    public const int ProbesMax = 10;

    /// <summary>Deliveries per second at first.</summary>
    public const double FirstPerSecond = 10;

    /// <summary>The least that it slows down to, unless the endpoint's limit is less.</summary>
    public const double LeastPerSecond = 1;

    /// <summary>
    /// How long a delivery may have been due before it counts as waiting: longer than most attempts take,
    /// so that a slow receiver is not taken for a busy one.
    /// </summary>
    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(15);

    /// <summary>The first rest; each further one is twice as long.</summary>
    public static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(10);

    /// <summary>The longest rest, inclusive.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromMinutes(10);

    /// <summary>Where every drain begins.</summary>
    public static DrainPace First { get; } = new(FirstPerSecond);

    /// <summary>How the drain goes on.</summary>
    /// <param name="probes">What became of the last slice.</param>
    /// <param name="isBroken">Whether the endpoint's breaker is open.</param>
    /// <param name="ceiling">Most deliveries per second, above 0.</param>
    public DrainDecision Decide(ProbeStates probes, bool isBroken, double ceiling)
    {
        var first = this with { PerSecond = Math.Min(FirstPerSecond, ceiling) };
        if (isBroken || (probes.Failed > 0 && probes.Failed * 2 >= probes.Total))
        {
            // After a rest without an answer from the endpoint, a few more deliveries ask it.
            return IsResting && !isBroken
                ? new DrainDecision.Try(first with { IsResting = false })
                : new DrainDecision.Rest(
                    first with
                    {
                        Rests = Math.Min(Rests + 1, RestsMax),
                        IsResting = true,
                    },
                    RestOf(Rests)
                );
        }

        var least = Math.Min(LeastPerSecond, ceiling);
        if (probes.Late * 2 > probes.Total)
        {
            return Go(Math.Max(PerSecond / 2, least), Rests, ceiling);
        }

        return probes.Through * 2 > probes.Total
            ? Go(PerSecond * 2, 0, ceiling)
            : Go(PerSecond, Rests, ceiling);
    }

    /// <summary>Rests after which they grow no longer: 10 s × 2^6 is more than 10 minutes.</summary>
    private const int RestsMax = 6;

    private static DrainDecision.Go Go(double perSecond, int rests, double ceiling) =>
        new(new DrainPace(Math.Min(perSecond, ceiling), rests));

    private static TimeSpan RestOf(int rests)
    {
        var rest = RestFirst * Math.Pow(2, Math.Min(rests, RestsMax));
        return rest < RestMax ? rest : RestMax;
    }
}
