namespace WebhookDelivery.Benchmarks;

/// <summary>What durability, authentication and validation cost: the platform's 201 beside a bare one.</summary>
/// <param name="fsync">What an fsync of the server takes; the bare one has none.</param>
internal sealed class IngestRatio(FsyncMode fsync) : IRatio
{
    private const int Connections = 64;

    public RatioTarget Target { get; } =
        new RatioTarget(
            "ingest",
            "events accepted per second, 64 connections ÷ bare Kestrel 201 reading the same body",
            Must: 0.40,
            Aim: 0.55
        ).At(fsync);

    /// <summary>What is accepted is delivered afterwards, which takes about as long.</summary>
    public Effort Effort(RunSettings settings) =>
        new(
            BestConcurrency.Seconds + (2 + 3 * settings.Pairs) * settings.LoadSeconds,
            Events: 0,
            Starts: 2
        );

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        using var shim = new FsyncShim(settings, fsync);
        await using var platform = await Ingesting.StartAsync(
            settings,
            shim.Environment,
            cancellationToken
        );
        await using var bare = ArmProcess.Start(settings, "bare");
        var address = await bare.ReadAsync<ArmAddress>(cancellationToken);
        var connections = await BestConcurrency.FindAsync(BareLoad, cancellationToken);

        // Neither arm's first pair may pay for its JIT.
        await MeasureAsync();

        var pairs = await Alternately.RunAsync(
            settings.Pairs,
            MeasureAsync,
            MeasureBareAsync,
            RatioPair.Of,
            progress
        );
        return new RatioResult(
            Target,
            pairs,
            await platform.SettleAsync(settings, cancellationToken)
        );

        Load BareLoad(int count) => new(settings, address.Port, platform.ApiKey, count, bare.Pid);

        async Task<ArmFigure> MeasureAsync()
        {
            var load = platform.Load(settings, Connections);
            var report = await load.RunAsync(
                settings.WarmUpSeconds,
                settings.Seconds,
                cancellationToken
            );
            return load.Figure("server", platform.Count(report));
        }

        async Task<ArmFigure> MeasureBareAsync()
        {
            var load = BareLoad(connections);
            return load.Figure(
                "bare",
                await load.RunAsync(settings.WarmUpSeconds, settings.Seconds, cancellationToken)
            );
        }
    }
}
