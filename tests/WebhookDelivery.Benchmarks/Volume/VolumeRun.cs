namespace WebhookDelivery.Benchmarks;

/// <summary>
/// <c>volume</c>: what a server is like with a million deliveries queued, beside 50,000; and whether
/// deleting a million events that have expired holds ingest up. Figures, none of them judged.
/// </summary>
internal sealed class VolumeRun(RunSettings settings, Tally tally)
{
    /// <summary>Measures and prints all of it; the account of all its events.</summary>
    public static async Task<Account> MeasureAsync(
        RunSettings settings,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        await to.WriteLineAsync("volume: a server with many deliveries queued");
        await using var tally = await Tally.StartAsync(settings, cancellationToken);
        var run = new VolumeRun(settings, tally);
        var account = new Account();
        var small = await run.FewAsync(account, cancellationToken);
        await run.ManyAsync(small, account, to, cancellationToken);
        Report.Account(to, account);
        return account;
    }

    private async Task<VolumeFigures> FewAsync(Account account, CancellationToken cancellationToken)
    {
        using var stage = await StageAsync(settings.Backlog / 2, cancellationToken);
        await using var server = await StartAsync(stage, cancellationToken);
        var figures = await MeasureAsync(server, stage, cancellationToken);
        account.Enter("few queued", await server.CloseAsync(_ => true, cancellationToken));
        return figures;
    }

    /// <summary>Goes on to deliver all of it, and then to delete it.</summary>
    private async Task ManyAsync(
        VolumeFigures small,
        Account account,
        TextWriter to,
        CancellationToken cancellationToken
    )
    {
        using var stage = await StageAsync(Backlogs.Large(settings), cancellationToken);
        await using var server = await StartAsync(stage, cancellationToken);
        var figures = await MeasureAsync(server, stage, cancellationToken);
        VolumeReport.Print(to, small, figures);

        var last = await tally.UntilAsync(
            seen => seen.Distinct(_ => true) >= server.Accepted,
            cancellationToken
        );
        VolumeReport.Drained(to, figures.Timed, last);
        account.Enter("many queued", await server.CloseAsync(_ => true, cancellationToken));
        var retention = new RetentionRun(settings, tally, stage.Emptied(server.Data));
        VolumeReport.Print(to, await retention.MeasureAsync(cancellationToken));
        account.Enter("expiry", retention.Ledger);
    }

    private Task<Stage> StageAsync(int queued, CancellationToken cancellationToken) =>
        Backlogs.StageAsync(settings, tally, queued, cancellationToken);

    private Task<StagedServer> StartAsync(Stage stage, CancellationToken cancellationToken) =>
        StagedServer.StartAsync(settings, stage, tally, cancellationToken);

    private Task<VolumeFigures> MeasureAsync(
        StagedServer server,
        Stage stage,
        CancellationToken cancellationToken
    ) =>
        new VolumeMeasuring(settings, tally, server, stage).MeasureAsync(
            timed: settings.Backlog / 5,
            cancellationToken
        );
}
