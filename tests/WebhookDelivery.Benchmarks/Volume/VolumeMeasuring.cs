namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Measures one server: first its API while it waits for slow receivers, its windows full and the
/// machine at ease; then how fast it delivers to receivers that answer at once.
/// </summary>
internal sealed class VolumeMeasuring(
    RunSettings settings,
    Tally tally,
    StagedServer server,
    Stage stage
)
{
    public const int PostsPerSecond = 200;

    /// <summary>How long the slow receivers take.</summary>
    private const int SlowMilliseconds = 500;

    private readonly StagedTenant _tenant = stage[Backlogs.FirstTenant];

    /// <param name="timed">How many deliveries are timed.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<VolumeFigures> MeasureAsync(int timed, CancellationToken cancellationToken)
    {
        await PaceAsync(SlowMilliseconds, cancellationToken);

        // Posts come first, and warm the server up for both of its loads.
        var load = new PacedLoad(
            settings,
            server.Url.Port,
            _tenant.ApiKey,
            PostsPerSecond,
            server.Pid
        );
        var report = await load.RunAsync(
            settings.WarmUpSeconds + 2 * settings.Seconds,
            cancellationToken
        );
        server.Count(report.Accepted, report.Refused);
        using var api = new Platform(server.Url, _tenant.ApiKey);
        var lists = await VolumeLists.MeasureAsync(api, _tenant, cancellationToken);
        var megabytes = ResidentMemory.MegabytesOf(server.Pid);

        await PaceAsync(0, cancellationToken);
        var delivered = (await tally.ReadAsync(cancellationToken)).Distinct(_ => true);
        var arm = await Backlogs.DeliverAsync(
            tally,
            server.Pid,
            "server",
            delivered + timed / 2,
            delivered + timed / 2 + timed,
            cancellationToken
        );
        return new VolumeFigures(
            stage.Queued,
            stage.FilledPerSecond,
            server.StartSeconds,
            megabytes,
            lists,
            AnswerTimes.Of([
                .. report.AnswerMilliseconds.Skip((int)(PostsPerSecond * settings.WarmUpSeconds)),
            ]),
            arm.PerSecond,
            ResidentMemory.PeakMegabytesOf(server.Pid),
            await tally.ReadAsync(cancellationToken)
        );
    }

    private async Task PaceAsync(int milliseconds, CancellationToken cancellationToken)
    {
        foreach (var receiver in Backlogs.Receivers)
        {
            await tally.PaceAsync(receiver, milliseconds, cancellationToken);
        }
    }
}
