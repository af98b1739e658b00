using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>A change of an endpoint. Absent members stay; null sets a member back to its default.</summary>
internal sealed record UpdateEndpointRequest
{
    /// <summary>Where its webhooks go; not null.</summary>
    public string Url { get; init; } = "";

    /// <summary>Free text for people, at most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>All metadata anew, at most 20 members; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Patterns of event types, at most 100; null or empty for every event.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>
    /// Which payloads it gets, of events whose type passes; null for every one. One of {"and":[…]},
    /// {"or":[…]}, {"not":{…}} and a condition such as {"field":"data.total","gte":100}, whose operator
    /// is equals, not_equals, in, not_in, exists, gt, gte, lt, lte or starts_with.
    /// </summary>
    public RawJson? Filter { get; init; }

    /// <summary>All custom headers anew, at most 20, each with its value; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Waits between attempts; null for the server's default.</summary>
    public IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>Deadline of an attempt, 1 to 30; null for the server's default.</summary>
    [Range(EndpointFieldsValidator.TimeoutSecondsMin, EndpointFieldsValidator.TimeoutSecondsMax)]
    public double? TimeoutSeconds { get; init; }

    /// <summary>Most attempts begun per second, 0.001 to 10,000; null for no limit.</summary>
    [Range(EndpointFieldsValidator.RateLimitMin, EndpointFieldsValidator.RateLimitMax)]
    public double? RateLimitPerSecond { get; init; }

    /// <summary>Most attempts under way at once, 1 to 1,000; null for the server's default.</summary>
    [Range(EndpointFieldsValidator.MaxInFlightMin, EndpointFieldsValidator.MaxInFlightMax)]
    public int? MaxInFlight { get; init; }

    /// <summary>True parks its deliveries; false resumes them and what was parked; not null.</summary>
    public bool Disabled { get; init; }
}
