namespace WebhookDelivery.Core;

/// <summary>How long a process may act on what it has read about tenants.</summary>
public sealed record TenantDirectoryOptions
{
    /// <summary>
    /// How long a tenant, endpoint or key may be used before it is read again. Infinite by default,
    /// which is right where one process makes every change; 10 s where several do.
    /// </summary>
    public TimeSpan CacheFor { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Most tenants, and most keys, held at once; default 100,000.</summary>
    public int EntriesMax { get; init; } = 100_000;
}
