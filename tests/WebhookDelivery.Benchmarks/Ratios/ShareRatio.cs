namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Whether a tenant that floods the platform takes more than its part: what a healthy tenant with work
/// of its own is delivered, divided by half of all that is delivered.
/// </summary>
internal sealed class ShareRatio : IRatio
{
    private const string Healthy = "healthy";
    private const string Flooding = "flooding";

    /// <summary>
    /// Of the flooding tenant: its 8 × 32 attempts at once are the tenant's cap, eight times the healthy
    /// one's.
    /// </summary>
    private const int FloodEndpoints = 8;

    public RatioTarget Target { get; } =
        new(
            "share",
            "a healthy tenant's delivered/s beside a flooding one ÷ half of all delivered/s",
            Must: 0.9,
            Aim: 0.95
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        using var stage = await Stage.BuildAsync(
            settings,
            tally,
            [
                new StageTenant(Healthy, Endpoints: 1, settings.Backlog),
                new StageTenant(
                    Flooding,
                    FloodEndpoints,
                    settings.Backlog / FloodEndpoints * FloodEndpoints
                ),
            ],
            cancellationToken
        );
        var run = new ShareRun(settings, tally, stage[Healthy], stage[Flooding]);
        var ledger = Ledger.Empty;
        var pairs = new List<RatioPair>(settings.Pairs);
        for (var i = 0; i < settings.Pairs; i++)
        {
            var (pair, account) = await run.MeasureAsync(stage, cancellationToken);
            ledger += account;
            pairs.Add(pair);
            Report.Pair(progress, i + 1, pair);
        }

        return new RatioResult(Target, pairs, ledger);
    }
}
