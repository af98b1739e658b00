namespace WebhookDelivery.Core;

/// <summary>
/// How long after a change of an endpoint some process may still act on it as it was: for what it has
/// cached, and for what it has begun.
/// </summary>
internal sealed class GraceAfterChange(
    TenantDirectoryOptions directory,
    SweeperOptions sweeper,
    TimeProvider time
)
{
    /// <summary>When that is over.</summary>
    public DateTimeOffset EndOf(Endpoint endpoint) =>
        endpoint.UpdatedAt
        + (directory.CacheFor == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : directory.CacheFor)
        + sweeper.BacklogGrace;

    /// <summary>Whether it is over: only then is finding nothing to move the end of the matter.</summary>
    public bool IsOver(Endpoint endpoint) => time.GetUtcNow() >= EndOf(endpoint);
}
