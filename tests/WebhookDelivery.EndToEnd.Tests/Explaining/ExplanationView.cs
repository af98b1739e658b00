using System.Text.Json;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A verdict as the API shows it.</summary>
public sealed record ExplanationView(
    string EndpointId,
    string? Url,
    string Verdict,
    string? Reason,
    string Detail,
    int? EndpointVersion,
    DateTimeOffset? HeldUntil,
    JsonElement Delivery
)
{
    /// <summary>The delivery's status; null if there is no delivery.</summary>
    public string? Status => Has ? Delivery.GetProperty("status").GetString() : null;

    /// <summary>The delivery's attempts; 0 if there is no delivery.</summary>
    public int Attempts => Has ? Delivery.GetProperty("attempts").GetInt32() : 0;

    /// <summary>When the next attempt is due; null if none is.</summary>
    public DateTimeOffset? NextAttemptAt =>
        Has ? Time(Delivery.GetProperty("next_attempt_at")) : null;

    private bool Has => Delivery.ValueKind == JsonValueKind.Object;

    /// <summary>Every verdict on an event, by endpoint.</summary>
    public static async Task<IReadOnlyDictionary<string, ExplanationView>> AllAsync(
        TenantUser tenant,
        string eventId
    ) =>
        (await tenant.GetAsync($"/v1/events/{eventId}/explain"))
            .Expect(200)
            .Json.GetProperty("endpoints")
            .EnumerateArray()
            .Select(Of)
            .ToDictionary(each => each.EndpointId, StringComparer.Ordinal);

    private static ExplanationView Of(JsonElement json) =>
        new(
            json.GetProperty("endpoint_id").GetString()!,
            json.GetProperty("url").GetString(),
            json.GetProperty("verdict").GetString()!,
            json.GetProperty("reason").GetString(),
            json.GetProperty("detail").GetString()!,
            json.GetProperty("endpoint_version") is { ValueKind: JsonValueKind.Number } version
                ? version.GetInt32()
                : null,
            Time(json.GetProperty("held_until")),
            json.GetProperty("delivery")
        );

    private static DateTimeOffset? Time(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetDateTimeOffset() : null;
}
