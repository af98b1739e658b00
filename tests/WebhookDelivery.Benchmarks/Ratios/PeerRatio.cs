namespace WebhookDelivery.Benchmarks;

/// <summary>What one gets elsewhere: draining beside a sender made of BullMQ and Redis.</summary>
/// <param name="target">What is judged.</param>
/// <param name="fsync">What an fsync takes, the server's and Redis's.</param>
/// <param name="warmed">Whether the backlog is longer, and a fifth of it warms both and is not timed.</param>
internal sealed class PeerRatio(RatioTarget target, FsyncMode fsync, bool warmed) : IRatio
{
    private const string Meaning =
        "delivered per second from a backlog ÷ a BullMQ + Redis (AOF everysec) sender";

    public RatioTarget Target => target;

    /// <summary>Once both are warm: a sender is not chosen for its first seconds.</summary>
    /// <param name="fsync">What an fsync takes.</param>
    public static PeerRatio Warm(FsyncMode fsync) =>
        new(
            new RatioTarget("peer", $"{Meaning}, once both are warm", Must: 3, Aim: 4).At(fsync),
            fsync,
            warmed: true
        );

    /// <summary>From the start of both, on a backlog as long as a drain's.</summary>
    public static PeerRatio Cold() =>
        new(
            new RatioTarget("peer-cold", $"{Meaning}, from their start"),
            FsyncMode.Untouched,
            warmed: false
        );

    public Effort Effort(RunSettings settings)
    {
        settings = Lengthened(settings);
        var (searched, starts) = PeerTuning.Search(settings);
        return new Effort(
            Seconds: 0,
            searched + (2 + 2L * settings.Pairs) * settings.Backlog,
            starts + 3 + 2 * settings.Pairs
        );
    }

    public async Task<RatioResult> MeasureAsync(
        RunSettings settings,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        settings = Lengthened(settings);
        using var shim = new FsyncShim(settings, fsync);
        await using var backlog = await Ingesting.StartAsync(settings, [], cancellationToken);
        await backlog.FillAsync(settings, cancellationToken);
        var tuning = await PeerTuning.FindAsync(
            settings,
            backlog.Sink,
            progress,
            cancellationToken
        );
        await progress.WriteLineAsync($"  the peer does best with {tuning}");
        using var jobs = await PeerBacklog.FillAsync(
            settings,
            (int)backlog.Accepted,
            cancellationToken
        );

        var account = new Account();
        account.Enter("backlog", Ledger.Empty with { Refused = backlog.Refused });
        var pairs = await Alternately.RunAsync(
            settings.Pairs,
            MeasureAsync,
            MeasurePeerAsync,
            RatioPair.Of,
            progress
        );
        return new RatioResult(Target, pairs, account);

        Task<ArmFigure> MeasureAsync() =>
            Draining.MeasureAsync(settings, backlog, shim, account, cancellationToken);

        async Task<ArmFigure> MeasurePeerAsync()
        {
            var drained = await PeerDraining.RunAsync(
                settings,
                backlog.Sink,
                jobs,
                tuning,
                shim.Environment,
                cancellationToken
            );
            account.EnterPair("peer", drained.Ledger);
            return drained.Figure;
        }
    }

    private RunSettings Lengthened(RunSettings settings) =>
        warmed ? settings with { Backlog = settings.Backlog * 5, TimedFrom = 0.2 } : settings;
}
