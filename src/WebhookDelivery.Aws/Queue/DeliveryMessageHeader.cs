using System.Text.Json.Serialization;

namespace WebhookDelivery.Aws;

/// <summary>The first line of a message, as JSON: one letter a member, since every message pays for them.</summary>
internal sealed record DeliveryMessageHeader
{
    /// <summary>The only version there is.</summary>
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; }

    [JsonPropertyName("t")]
    public string? Tenant { get; init; }

    [JsonPropertyName("e")]
    public string? Event { get; init; }

    [JsonPropertyName("p")]
    public string? Endpoint { get; init; }

    [JsonPropertyName("g")]
    public int Generation { get; init; }

    [JsonPropertyName("a")]
    public int Attempt { get; init; }

    /// <summary>When it is due, ms.</summary>
    [JsonPropertyName("d")]
    public long? DueAt { get; init; }

    /// <summary>The event's type.</summary>
    [JsonPropertyName("y")]
    public string? Type { get; init; }

    /// <summary>The trace context.</summary>
    [JsonPropertyName("c")]
    public string? TraceParent { get; init; }

    [JsonPropertyName("q")]
    public int? Postponements { get; init; }

    /// <summary>When the sweeper heals it, ms.</summary>
    [JsonPropertyName("h")]
    public long? HealAt { get; init; }

    /// <summary>1 if the payload is base64.</summary>
    [JsonPropertyName("b")]
    public int? IsBase64 { get; init; }

    /// <summary>The number of what started its generation; absent for a live one.</summary>
    [JsonPropertyName("o")]
    public int? Source { get; init; }

    /// <summary>1 if it goes behind live ones.</summary>
    [JsonPropertyName("l")]
    public int? IsBacklog { get; init; }

    /// <summary>1 if the store must be asked.</summary>
    [JsonPropertyName("s")]
    public int? MustVerify { get; init; }
}
