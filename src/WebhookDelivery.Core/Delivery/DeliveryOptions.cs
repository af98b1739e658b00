namespace WebhookDelivery.Core;

/// <summary>How deliveries are made where an endpoint does not say otherwise, and what the worker may use.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Longest total deadline of an attempt, inclusive.</summary>
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromSeconds(30);

    /// <summary>Longest payload that there may be, inclusive: 4 MiB.</summary>
    public const int PayloadBytesCeiling = 4 * 1024 * 1024;

    /// <summary>The retry schedule; default 1, 2, 4, 8, 16 minutes.</summary>
    public RetrySchedule RetrySchedule { get; init; } = RetrySchedule.Default;

    /// <summary>The total deadline of an attempt; default 15 s, at most 30.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Most attempts under way at once in this process; default 2,048. A tenant takes no more while it
    /// has as many as are free, less a sixteenth of all that is kept for tenants that have none; unless
    /// no other tenant has any.
    /// </summary>
    public int MaxInFlight { get; init; } = 2048;

    /// <summary>
    /// Most attempts under way at once for one tenant; default 256. An endpoint takes no more while it
    /// has as many as its tenant has left, less a sixteenth of the cap that is kept for endpoints that
    /// have none: one alone gets 120 of 256.
    /// </summary>
    public int MaxInFlightPerTenant { get; init; } = 256;

    /// <summary>
    /// Most bytes of payloads that attempts under way have read from the store; at least 1, default
    /// 256 MiB. Attempts that need more wait; a payload that is longer goes alone.
    /// </summary>
    public long InFlightPayloadBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most attempts under way at once for one endpoint that sets no cap; default 32.</summary>
    public int MaxInFlightPerEndpoint { get; init; } = 32;

    /// <summary>
    /// Most attempts that are over but not recorded yet; default 1,024. What a crash makes again is at
    /// most these and those under way.
    /// </summary>
    public int SettlingMax { get; init; } = 1024;

    /// <summary>
    /// Most deliveries held by the dispatcher, waiting or under way; default 65,536. Beyond it nothing
    /// more is taken from the queue.
    /// </summary>
    public int HeldMax { get; init; } = 65_536;

    /// <summary>
    /// Most leased deliveries of one endpoint that the dispatcher holds waiting; default 512. More of
    /// them are postponed: their leases would end before their turn came.
    /// </summary>
    public int LeasedPerEndpointMax { get; init; } = 512;

    /// <summary>
    /// What must be left of a lease for an attempt to begin; default 40 s, the longest deadline and
    /// time to record what came of it. Claims with less are postponed.
    /// </summary>
    public TimeSpan LeaseMargin { get; init; } = TimeoutMax + TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for attempts under way before it aborts them; default 6 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Most generations of a delivery, the first one counted: how often it can be started anew, by
    /// redelivering or requeueing it, is one less. At least 1, default 50. It bounds the attempts that
    /// are kept of a delivery.
    /// </summary>
    public int GenerationsMax { get; init; } = 50;

    /// <summary>
    /// Most deliveries per second that a recovery starts towards one endpoint that has no rate limit; above
    /// 0, default 500. Of a rate limit it uses four fifths.
    /// </summary>
    public double DrainRatePerSecond { get; init; } = 500;

    /// <summary>True to accept events without delivering any, for maintenance; default false.</summary>
    public bool Paused { get; init; }
}
