namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Deletes what a server has delivered, by letting its clock run ahead for longer than events are kept,
/// and measures ingest before and meanwhile. Delivery is paused: what is posted stays open.
/// </summary>
internal sealed class RetentionRun(RunSettings settings, Tally tally, Stage delivered)
{
    private const int Connections = 64;

    /// <summary>Events are kept for 30 days after their last change.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(31);

    /// <summary>Where everything that was posted has gone; whole once all is measured.</summary>
    public Ledger Ledger { get; private set; } = Ledger.Empty;

    public async Task<RetentionFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        var before = await BeforeAsync(cancellationToken);
        var environment = new Dictionary<string, string>(
            StagedServer.Paused.Concat(ClockShift.Environment(settings, Ahead)),
            StringComparer.Ordinal
        );
        await using var server = await StartAsync(environment, cancellationToken);
        long deletedUnderLoad;
        long deletedUnderPosts;
        double perSecond;
        AnswerTimes posts;
        double seconds;
        double activeSeconds;
        var (first, last) = Range();
        await using (var watch = new DeletionWatch(StoreFile.Open(server.Data), first, last))
        {
            perSecond = await LoadAsync(server, cancellationToken);
            deletedUnderLoad = watch.Deleted;

            // The round that began with the server may be over: wait for the next.
            await watch.UntilActiveAsync(cancellationToken);
            var deleted = watch.Deleted;
            posts = await PostAsync(server, cancellationToken);
            deletedUnderPosts = watch.Deleted - deleted;
            await watch.UntilDoneAsync(cancellationToken);
            seconds = watch.Seconds;
            activeSeconds = watch.ActiveSeconds;
        }

        Ledger += await server.CloseAsync(_ => true, cancellationToken);
        return new RetentionFigures(
            last - first + 1,
            before,
            new IngestFigures(perSecond, posts),
            deletedUnderLoad,
            deletedUnderPosts,
            seconds,
            activeSeconds
        );
    }

    private async Task<IngestFigures> BeforeAsync(CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(StagedServer.Paused, cancellationToken);
        var perSecond = await LoadAsync(server, cancellationToken);
        var posts = await PostAsync(server, cancellationToken);
        Ledger += await server.CloseAsync(_ => true, cancellationToken);
        return new IngestFigures(perSecond, posts);
    }

    private Task<StagedServer> StartAsync(
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    ) => StagedServer.StartAsync(settings, delivered, tally, environment, cancellationToken);

    private (long First, long Last) Range()
    {
        using var store = StoreFile.Open(delivered.Data);
        return (store.OldestEvent(), store.NewestEvent());
    }

    private async Task<double> LoadAsync(StagedServer server, CancellationToken cancellationToken)
    {
        var load = new Load(settings, server.Url.Port, ApiKey, Connections, server.Pid);
        var report = await load.RunAsync(
            settings.WarmUpSeconds,
            settings.Seconds,
            cancellationToken
        );
        server.Count(report.AcceptedTotal, report.Refused);
        return report.PerSecond;
    }

    private async Task<AnswerTimes> PostAsync(
        StagedServer server,
        CancellationToken cancellationToken
    )
    {
        var load = new PacedLoad(
            settings,
            server.Url.Port,
            ApiKey,
            VolumeMeasuring.PostsPerSecond,
            server.Pid
        );
        var report = await load.RunAsync(settings.Seconds, cancellationToken);
        server.Count(report.Accepted, report.Refused);
        return AnswerTimes.Of(report.AnswerMilliseconds);
    }

    private string ApiKey => delivered[Backlogs.FirstTenant].ApiKey;
}
