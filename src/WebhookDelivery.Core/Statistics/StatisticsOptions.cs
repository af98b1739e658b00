namespace WebhookDelivery.Core;

/// <summary>How counts are gathered before they are stored.</summary>
public sealed record StatisticsOptions
{
    /// <summary>How often they are stored; default 5 s. A crash loses what was counted since.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Of how many endpoints and tenants counts are gathered before they are stored early; default
    /// 2,048, some 3 MB.
    /// </summary>
    public int EntriesMax { get; init; } = 2048;

    /// <summary>How many are stored at once; default 32.</summary>
    public int AddsMax { get; init; } = 32;

    /// <summary>How long a function's invocation may be kept by it; default 2 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
