using System.Text.Json.Serialization;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>An endpoint.</summary>
internal sealed record EndpointBody
{
    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>Your own id of it, which may stand wherever its id may; null if it has none.</summary>
    public required string? ExternalId { get; init; }

    /// <summary>Where its webhooks go.</summary>
    public required string Url { get; init; }

    /// <summary>Free text for people; null if there is none.</summary>
    public required string? Description { get; init; }

    /// <summary>What you noted of it.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>True if it gets the platform's own events and none of yours.</summary>
    public required bool Operational { get; init; }

    /// <summary>Patterns of the event types that it gets; empty for every event.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>Which payloads it gets, as it was given; null for every one.</summary>
    public required RawJson? Filter { get; init; }

    /// <summary>Names of the custom headers; the values show as <c>***</c>.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>How its webhooks are signed: stripe, standard_webhooks.</summary>
    public required IReadOnlyList<string> Signatures { get; init; }

    /// <summary>Its own waits between attempts; null for the server's default.</summary>
    public required IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>Its own deadline per attempt in seconds; null for the server's default.</summary>
    public required double? TimeoutSeconds { get; init; }

    /// <summary>Most attempts begun per second; null for no limit.</summary>
    public required double? RateLimitPerSecond { get; init; }

    /// <summary>Most attempts under way at once; null for the server's default.</summary>
    public required int? MaxInFlight { get; init; }

    /// <summary>True while its deliveries are parked instead of attempted.</summary>
    public required bool Disabled { get; init; }

    /// <summary>Why the platform disabled it; null if it did not.</summary>
    [OneOf(typeof(ReasonCode))]
    public required string? DisabledReason { get; init; }

    /// <summary>Since when it is disabled; null while it is not, and if that is not known.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when nothing but failures came back; null while it is not failing.</summary>
    public required DateTimeOffset? FailingSince { get; init; }

    /// <summary>One more with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its signing secret; only in the answer that creates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="current">Its current secret, which decides how it signs.</param>
    /// <param name="reveal">Whether to show that secret: only where it was just made or set.</param>
    public static EndpointBody Of(Endpoint endpoint, SigningSecret current, bool reveal = false) =>
        new()
        {
            EndpointId = endpoint.Key.EndpointId.ToString(),
            ExternalId = endpoint.ExternalId,
            Url = endpoint.Url,
            Description = endpoint.Description,
            Metadata = endpoint.Metadata,
            Operational = endpoint.Operational,
            EventTypes = endpoint.EventTypes.Patterns,
            Filter = endpoint.Filter is { } filter ? new RawJson(filter.Json) : null,
            Headers = endpoint.Headers.ToDictionary(
                header => header.Name,
                _ => HeaderRules.Redacted,
                StringComparer.Ordinal
            ),
            Signatures = SchemeNames(current),
            RetrySchedule = endpoint.RetrySchedule?.Format(),
            TimeoutSeconds = endpoint.Timeout?.TotalSeconds,
            RateLimitPerSecond = endpoint.RateLimitPerSecond,
            MaxInFlight = endpoint.MaxInFlight,
            Disabled = endpoint.Disabled,
            DisabledReason = endpoint.DisabledReason?.ToCode(),
            DisabledAt = endpoint.DisabledAt,
            FailingSince = endpoint.FailingSince,
            Version = endpoint.Version,
            CreatedAt = endpoint.CreatedAt,
            UpdatedAt = endpoint.UpdatedAt,
            Secret = reveal ? current.Value : null,
        };

    public static IReadOnlyList<string> SchemeNames(SigningSecret secret) =>
        secret.SupportsStandardWebhooks ? ["stripe", "standard_webhooks"] : ["stripe"];
}
