namespace WebhookDelivery.Core;

/// <summary>How recoveries are made, and how many are kept.</summary>
public sealed record RecoveryOptions
{
    /// <summary>Most recoveries of one endpoint that run at once, resumes not counted; default 5.</summary>
    public int RunningPerEndpointMax { get; init; } = 5;

    /// <summary>Most recoveries kept of one endpoint, the oldest finished ones going first; default 100.</summary>
    public int KeptPerEndpointMax { get; init; } = 100;

    /// <summary>How long a finished one is kept; default 30 days.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What one slice is for, in a process that runs for good; default 1 s.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Deliveries that are planned, written down and moved together; 1–200, default 200.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>
    /// How long whoever moves a batch keeps others away; default 30 s. What a crash leaves half done waits
    /// as long.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at an endpoint that is disabled; default 10 s.</summary>
    public TimeSpan DisabledPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Running recoveries that one round looks at; default 100.</summary>
    public int PerRound { get; init; } = 100;

    /// <summary>How long counting for a dry run may take before it says what it has; default 20 s.</summary>
    public TimeSpan CountFor { get; init; } = TimeSpan.FromSeconds(20);
}
