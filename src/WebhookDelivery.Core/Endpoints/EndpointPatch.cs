namespace WebhookDelivery.Core;

/// <summary>What to change of an endpoint; members are validated already, absent ones stay.</summary>
public sealed record EndpointPatch
{
    /// <inheritdoc cref="Endpoint.Url"/>
    public Optional<string> Url { get; init; }

    /// <inheritdoc cref="Endpoint.Description"/>
    public Optional<string?> Description { get; init; }

    /// <summary>All metadata anew.</summary>
    public Optional<IReadOnlyDictionary<string, string>> Metadata { get; init; }

    /// <inheritdoc cref="Endpoint.EventTypes"/>
    public Optional<EventTypeFilter> EventTypes { get; init; }

    /// <inheritdoc cref="Endpoint.Filter"/>
    public Optional<PayloadFilter?> Filter { get; init; }

    /// <summary>All custom headers anew, in clear.</summary>
    public Optional<IReadOnlyList<KeyValuePair<string, string>>> Headers { get; init; }

    /// <inheritdoc cref="Endpoint.RetrySchedule"/>
    public Optional<RetrySchedule?> RetrySchedule { get; init; }

    /// <inheritdoc cref="Endpoint.Timeout"/>
    public Optional<TimeSpan?> Timeout { get; init; }

    /// <inheritdoc cref="Endpoint.RateLimitPerSecond"/>
    public Optional<double?> RateLimitPerSecond { get; init; }

    /// <inheritdoc cref="Endpoint.MaxInFlight"/>
    public Optional<int?> MaxInFlight { get; init; }

    /// <inheritdoc cref="Endpoint.Disabled"/>
    public Optional<bool> Disabled { get; init; }
}
