namespace WebhookDelivery.Core;

/// <summary>How the sweeper paces itself.</summary>
public sealed record SweeperOptions
{
    /// <summary>Between two rounds; default 1 minute.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows per step; default 500, a few milliseconds of the writer's time.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Endpoints whose backlog is settled in one round; default 1,000.</summary>
    public int EndpointsPerSweep { get; init; } = 1000;

    /// <summary>
    /// How long what began before a change may still be under way, beyond the time that a process may
    /// act on what it had cached: for so long an endpoint's backlog is looked at again, and one process
    /// alone keeps a deleted tenant's id in use; default 15 s.
    /// </summary>
    public TimeSpan BacklogGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a deleted tenant's id stays in use, where several processes hold what they read for a
    /// while; default 10 minutes.
    /// </summary>
    public TimeSpan RemovalDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long what is finished is kept.</summary>
    public Retention Retention { get; init; } = Retention.Default;

    /// <summary>
    /// Events deleted in one step of expiry; default 100: some 3 ms of the writer's time in each 20, and
    /// at most 5,000 a second.
    /// </summary>
    public int ExpiryBatchSize { get; init; } = 100;

    /// <summary>Pause between two steps of expiry, so that it never holds ingest up; default 20 ms.</summary>
    public TimeSpan ExpiryPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Most events expired by one <see cref="Sweeper.SweepAsync"/>, which may have a while only; default
    /// 100,000. What runs for good goes on until nothing is left.
    /// </summary>
    public int ExpiredPerSweepMax { get; init; } = 100_000;
}
