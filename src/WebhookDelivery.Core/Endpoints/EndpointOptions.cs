namespace WebhookDelivery.Core;

/// <summary>Limits on what a tenant may have of endpoints.</summary>
public sealed record EndpointOptions
{
    /// <summary>Most endpoints of one tenant, deleted ones not counted; default 50.</summary>
    public int EndpointsPerTenantMax { get; init; } = 50;

    /// <summary>
    /// Most endpoints that one tenant may have deleted within <see cref="DeletedCountFor"/>; default 1,000.
    /// A tombstone stays as long as its tenant, so that what an event says of where it went remains true.
    /// </summary>
    public int DeletedPerTenantMax { get; init; } = 1000;

    /// <summary>
    /// How long a deleted endpoint counts: as long as finished events are kept, the longer of the two
    /// retentions; default 30 days. So a tenant that makes and deletes endpoints for ever is slowed, not
    /// stopped.
    /// </summary>
    public TimeSpan DeletedCountFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Most secrets of one endpoint that sign at once; default 5.</summary>
    public int LiveSecretsMax { get; init; } = 5;

    /// <summary>
    /// Most secrets of one endpoint that are kept after they stopped signing, to recognise old
    /// signatures by; default 3. They are none of <see cref="LiveSecretsMax"/>.
    /// </summary>
    public int ExpiredSecretsMax { get; init; } = 3;

    /// <summary>
    /// How long they are kept; default 30 days. From then on they are used for nothing, and the
    /// endpoint's next change drops them.
    /// </summary>
    public TimeSpan ExpiredSecretsKeptFor { get; init; } = TimeSpan.FromDays(30);
}
