namespace WebhookDelivery.Core;

/// <summary>
/// Where a tenant wants its events: a URL with secret, event-type filter, limits and schedule.
/// Versioned: every change is a new version, and an attempt records the version it was made under.
/// Deleted endpoints stay as tombstones, so that what was sent can still be explained.
/// </summary>
public sealed record Endpoint
{
    /// <summary>Which endpoint of which tenant.</summary>
    public required EndpointKey Key { get; init; }

    /// <summary>1 when created, one more with every change.</summary>
    public required int Version { get; init; }

    /// <summary>Absolute http or https URL, at most 2,048 characters, without userinfo or fragment.</summary>
    public required string Url { get; init; }

    /// <summary>Free text for people; null if there is none.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The tenant's own name for it, see <see cref="ExternalIds"/>; null if it gave none. Set when
    /// created, never changed; no two endpoints of a tenant that are not deleted have the same.
    /// </summary>
    public string? ExternalId { get; init; }

    /// <summary>What the tenant notes of it, see <see cref="EndpointMetadata"/>; nothing here reads it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EndpointMetadata.None;

    /// <summary>
    /// True if it gets the platform's own events (<see cref="EventSource.Operational"/>) and no others;
    /// false, the default, if it gets the tenant's. Set when created, never changed.
    /// </summary>
    public bool Operational { get; init; }

    /// <summary>Which event types it gets; every one by default.</summary>
    public EventTypeFilter EventTypes { get; init; } = EventTypeFilter.All;

    /// <summary>Which payloads it gets, of events whose type passes; null for every one.</summary>
    public PayloadFilter? Filter { get; init; }

    /// <summary>Extra headers of each request: names in clear, values sealed.</summary>
    public IReadOnlyList<SealedHeader> Headers { get; init; } = [];

    /// <summary>
    /// Signing secrets, the current one first; older ones sign too until they expire. Some that have
    /// expired follow: by them old signatures are recognised, they make none.
    /// </summary>
    public required IReadOnlyList<EndpointSecret> Secrets { get; init; }

    /// <summary>Its own retry schedule; null for the server's default.</summary>
    public RetrySchedule? RetrySchedule { get; init; }

    /// <summary>Its own total deadline per attempt, 1–30 s; null for the server's default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Most attempts begun per second; null for no limit.</summary>
    public double? RateLimitPerSecond { get; init; }

    /// <summary>Most attempts under way at once; null for the server's default.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>True while its deliveries are parked instead of attempted.</summary>
    public bool Disabled { get; init; }

    /// <summary>
    /// Why it was disabled, when the platform did it (410, its receiver asked for it, or it failed for
    /// too long); null otherwise.
    /// </summary>
    public ReasonCode? DisabledReason { get; init; }

    /// <summary>Since when it is disabled; null while it is not, and if that is not known.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>
    /// When the row of failures began that made it failing; null while it is not. Changed by
    /// <see cref="ITenantStore.SetFailingSinceAsync"/> alone, without a new version.
    /// </summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// What is still owed to changes of its state: set with the change, carried out in the
    /// background by the sweeper, cleared when done. It survives a crash in between.
    /// </summary>
    public BacklogAction BacklogAction { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version came to be.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was deleted; null while it lives.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
