using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>A new endpoint. Members that are absent or null take their defaults.</summary>
internal sealed record CreateEndpointRequest
{
    /// <summary>Where its webhooks go: an absolute URL, https unless the server allows more.</summary>
    public required string Url { get; init; }

    /// <summary>Free text for people, at most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Your own id of it: 1 to 100 letters, digits, dots, underscores and hyphens, not beginning with
    /// ep_. No two endpoints have the same; it never changes.
    /// </summary>
    public string? ExternalId { get; init; }

    /// <summary>Whatever you want to note of it: at most 20 members, names of at most 40 characters, values of 500.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>True for one that gets the platform's own events and none of yours; default false. Never changes.</summary>
    public bool? Operational { get; init; }

    /// <summary>
    /// Patterns of event types, at most 100; absent or empty for every event. * stands for one segment
    /// between dots, ** for the rest.
    /// </summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>
    /// Which payloads it gets, of events whose type passes; absent for every one. One of {"and":[…]},
    /// {"or":[…]}, {"not":{…}} and a condition such as {"field":"data.total","gte":100}, whose operator
    /// is equals, not_equals, in, not_in, exists, gt, gte, lt, lte or starts_with.
    /// </summary>
    public RawJson? Filter { get; init; }

    /// <summary>Custom headers of each request, at most 20; values are kept encrypted.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// The signing secret: whsec_ and base64 of 24 to 64 bytes, or any other 16 to 256 printable ASCII
    /// characters, which sign Stripe-style only. Generated if absent.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>
    /// Waits between attempts, such as ["1m","2m"], at most 20; empty for a single attempt; absent for
    /// the server's default.
    /// </summary>
    public IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>Deadline of an attempt, 1 to 30; absent for the server's default.</summary>
    [Range(EndpointFieldsValidator.TimeoutSecondsMin, EndpointFieldsValidator.TimeoutSecondsMax)]
    public double? TimeoutSeconds { get; init; }

    /// <summary>Most attempts begun per second, 0.001 to 10,000; absent for no limit.</summary>
    [Range(EndpointFieldsValidator.RateLimitMin, EndpointFieldsValidator.RateLimitMax)]
    public double? RateLimitPerSecond { get; init; }

    /// <summary>Most attempts under way at once, 1 to 1,000; absent for the server's default.</summary>
    [Range(EndpointFieldsValidator.MaxInFlightMin, EndpointFieldsValidator.MaxInFlightMax)]
    public int? MaxInFlight { get; init; }

    /// <summary>True to park its deliveries instead of attempting them; default false.</summary>
    public bool? Disabled { get; init; }
}
