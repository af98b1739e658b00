using System.Text.Json.Serialization;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What happened in an hour, or, without one, in all of them.</summary>
internal sealed record HourBody
{
    /// <summary>When the hour begins; absent from totals.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Hour { get; init; }

    /// <summary>Events that POST /events answered with 201; absent from an endpoint's statistics.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Accepted { get; init; }

    /// <summary>Deliveries that came into being.</summary>
    public required long Deliveries { get; init; }

    /// <summary>Deliveries that became DELIVERED.</summary>
    public required long Delivered { get; init; }

    /// <summary>Deliveries that became DEAD_LETTER by an attempt.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>Deliveries that became PARKED.</summary>
    public required long Parked { get; init; }

    /// <summary>Deliveries that became CANCELLED, by request or as their endpoint was deleted.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Attempts that ended.</summary>
    public required AttemptCountsBody Attempts { get; init; }

    /// <summary>How long the answers took; null where there was none.</summary>
    public required LatencyBody? LatencyMs { get; init; }

    /// <param name="hour">When the hour begins; null for totals.</param>
    /// <param name="counts">What happened.</param>
    /// <param name="ofTenant">Whether it is about the tenant as a whole.</param>
    public static HourBody Of(DateTimeOffset? hour, HourCounts counts, bool ofTenant) =>
        new()
        {
            Hour = hour,
            Accepted = ofTenant ? counts.Accepted : null,
            Deliveries = counts.Deliveries,
            Delivered = counts.Delivered,
            DeadLettered = counts.DeadLettered,
            Parked = counts.Parked,
            Cancelled = counts.Cancelled,
            Attempts = AttemptCountsBody.Of(counts.Attempts),
            LatencyMs = LatencyBody.Of(counts.Latency),
        };
}
