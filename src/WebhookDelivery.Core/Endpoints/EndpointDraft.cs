using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What a new endpoint is to be; members are validated already.</summary>
public sealed record EndpointDraft
{
    /// <inheritdoc cref="Endpoint.Url"/>
    public required string Url { get; init; }

    /// <inheritdoc cref="Endpoint.Description"/>
    public string? Description { get; init; }

    /// <inheritdoc cref="Endpoint.ExternalId"/>
    public string? ExternalId { get; init; }

    /// <inheritdoc cref="Endpoint.Metadata"/>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EndpointMetadata.None;

    /// <inheritdoc cref="Endpoint.Operational"/>
    public bool Operational { get; init; }

    /// <inheritdoc cref="Endpoint.EventTypes"/>
    public EventTypeFilter EventTypes { get; init; } = EventTypeFilter.All;

    /// <inheritdoc cref="Endpoint.Filter"/>
    public PayloadFilter? Filter { get; init; }

    /// <summary>Custom headers, in clear.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The tenant's own secret; null to have one generated.</summary>
    public SigningSecret? Secret { get; init; }

    /// <inheritdoc cref="Endpoint.RetrySchedule"/>
    public RetrySchedule? RetrySchedule { get; init; }

    /// <inheritdoc cref="Endpoint.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="Endpoint.RateLimitPerSecond"/>
    public double? RateLimitPerSecond { get; init; }

    /// <inheritdoc cref="Endpoint.MaxInFlight"/>
    public int? MaxInFlight { get; init; }

    /// <inheritdoc cref="Endpoint.Disabled"/>
    public bool Disabled { get; init; }
}
