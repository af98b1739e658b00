namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Backlogs of several tenants, as real ones are: their events lie between each other's. Together their
/// endpoints have as many attempts at once as the one of a drain.
/// </summary>
internal static class Backlogs
{
    private const int Tenants = 4;

    /// <summary>Attempts at once over all of them.</summary>
    public const int InFlight = Draining.InFlight;

    /// <summary>The server as it is.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many a long backlog has: a million by default.</summary>
    public static int Large(RunSettings settings) => settings.Backlog * 10;

    /// <summary>The receivers of all of them.</summary>
    public static IEnumerable<string> Receivers =>
        Enumerable.Range(1, Tenants).Select(number => Tenant(number, 0).Receiver(1));

    /// <summary>The id of one of them.</summary>
    public static string FirstTenant => Tenant(1, 0).Id;

    public static Task<Stage> StageAsync(
        RunSettings settings,
        Tally tally,
        int queued,
        CancellationToken cancellationToken
    ) =>
        Stage.BuildAsync(
            settings,
            tally,
            [.. Enumerable.Range(1, Tenants).Select(number => Tenant(number, queued / Tenants))],
            cancellationToken
        );

    /// <summary>Waits for deliveries and times them between two counts.</summary>
    /// <exception cref="BrokenRunException">They do not come.</exception>
    public static async Task<ArmFigure> DeliverAsync(
        Tally tally,
        int serverPid,
        string arm,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var first = await ReachAsync(from);
        var cpuFirst = CpuClock.SecondsOf(serverPid);
        var last = await ReachAsync(to);
        var cpuSeconds = CpuClock.SecondsOf(serverPid) - cpuFirst;
        var delivered = last.Distinct(_ => true) - first.Distinct(_ => true);
        var seconds = MonotonicClock.Milliseconds(first.Ticks, last.Ticks) / 1000;
        return new ArmFigure(arm, InFlight, delivered / seconds, delivered / cpuSeconds);

        Task<TallyReport> ReachAsync(long count) =>
            tally.UntilAsync(seen => seen.Distinct(_ => true) >= count, cancellationToken);
    }

    private static StageTenant Tenant(int number, int queued) =>
        new($"backlog-{number}", Endpoints: 1, queued) { MaxInFlight = InFlight / Tenants };
}
