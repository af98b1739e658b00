namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Whether a tenant that floods the platform takes more than its part: what a healthy tenant is
/// delivered per second, divided by half of all that is delivered; or, if it offers less, how much of
/// that is received at once.
/// </summary>
internal sealed class ShareRatio(RatioTarget target, ShareTerms terms) : IRatio
{
    private const string Healthy = "healthy";
    private const string Flooding = "flooding";

    public RatioTarget Target => target;

    /// <summary>
    /// Both have more than the machine can do, and the caps of both are 256 attempts at once. The healthy
    /// tenant's endpoint is raised to it; being the only one, it gets at most 120 of them.
    /// </summary>
    public static ShareRatio OfEquals() =>
        new(
            new RatioTarget(
                "share",
                "a healthy tenant's delivered/s beside a flooding one with 8 endpoints,"
                    + " its one raised to max_in_flight 256 ÷ half of all delivered/s",
                Must: 0.9,
                Aim: 0.95
            ),
            new ShareTerms { MaxInFlight = ShareTerms.FloodMaxInFlight }
        );

    /// <summary>The healthy tenant posts a fixed rate, far below its part, on default terms.</summary>
    public static ShareRatio OfAnOffer() =>
        new(
            new RatioTarget(
                "share-offer",
                $"of {LatencyRun.PerSecond} posts/s of a healthy tenant beside a flooding one,"
                    + " those received within 1 s of their 201 ÷ all",
                Must: 0.9,
                Aim: 0.99
            ),
            new ShareTerms { PostsPerSecond = LatencyRun.PerSecond }
        );

    /// <summary>On default terms: one endpoint of 32 at once beside eight.</summary>
    public static ShareRatio OfOneToEight() =>
        new(
            new RatioTarget(
                "share-one",
                "a healthy tenant's delivered/s with one endpoint and its default of 32 at once,"
                    + " beside a flooding one with 8 ÷ half of all delivered/s"
            ),
            new ShareTerms()
        );

    public Effort Effort(RunSettings settings)
    {
        var flood = settings.Backlog / ShareTerms.FloodEndpoints;
        return new Effort(
            settings.Pairs * ShareRun.LoadSecondsOf(settings),
            terms.PostsPerSecond > 0 ? flood : flood + settings.Backlog,
            Starts: 1 + settings.Pairs
        );
    }

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        var queued = settings.Backlog / ShareTerms.FloodEndpoints * ShareTerms.FloodEndpoints;
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        using var stage = await Stage.BuildAsync(
            settings,
            tally,
            [
                new StageTenant(Healthy, Endpoints: 1, terms.PostsPerSecond > 0 ? 0 : queued)
                {
                    MaxInFlight = terms.MaxInFlight,
                },
                new StageTenant(Flooding, ShareTerms.FloodEndpoints, queued),
            ],
            cancellationToken
        );
        var run = new ShareRun(settings, tally, stage[Healthy], stage[Flooding], terms);
        var account = new Account();
        var pairs = new List<RatioPair>(settings.Pairs);
        for (var i = 0; i < settings.Pairs; i++)
        {
            var (pair, ledger) = await run.MeasureAsync(stage, cancellationToken);
            account.EnterPair("server", ledger);
            pairs.Add(pair);
            Report.Pair(progress, i + 1, pair);
        }

        return new RatioResult(Target, pairs, account);
    }
}
