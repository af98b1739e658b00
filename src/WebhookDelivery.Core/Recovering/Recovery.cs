namespace WebhookDelivery.Core;

/// <summary>
/// Work on many deliveries of one endpoint, done in the background at a pace that the endpoint bears.
/// Versioned: whoever works on it says so first by a conditional save, which is its lease.
/// </summary>
public sealed record Recovery
{
    /// <summary>Which recovery.</summary>
    public required RecoveryId Id { get; init; }

    /// <summary>Whose deliveries.</summary>
    public required EndpointKey Endpoint { get; init; }

    /// <summary>1 when added, one more with every save.</summary>
    public required long Version { get; init; }

    /// <summary>What it does.</summary>
    public required RecoveryKind Kind { get; init; }

    /// <summary>With which deliveries.</summary>
    public required RecoveryFilter Filter { get; init; }

    /// <summary>Where it stands.</summary>
    public RecoveryStatus Status { get; init; }

    /// <summary>
    /// The last event that it has looked at, what is planned included; null before the first. A replay
    /// goes from the newest to the oldest, everything else the other way.
    /// </summary>
    public EventId? Cursor { get; init; }

    /// <summary>What is under way: moved, or about to be. Empty between two slices.</summary>
    public IReadOnlyList<PlannedDelivery> Plan { get; init; } = [];

    /// <summary>What it has done, without what is planned.</summary>
    public RecoveryCounts Counts { get; init; }

    /// <summary>How fast it goes.</summary>
    public DrainPace Pace { get; init; } = DrainPace.First;

    /// <summary>Deliveries of the last slice that tell how the endpoint bears it, at most ten.</summary>
    public IReadOnlyList<RecoveryProbe> Probes { get; init; } = [];

    /// <summary>True once somebody asked to stop it while a plan was under way.</summary>
    public bool IsStopping { get; init; }

    /// <summary>When it goes on: the next slice's time, or the end of the lease while one is under way.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last did something.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
