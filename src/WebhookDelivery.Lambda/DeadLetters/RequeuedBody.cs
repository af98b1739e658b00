using System.Text.Json.Serialization;

namespace WebhookDelivery.Lambda;

/// <summary>What a requeue did.</summary>
/// <param name="Requeued">Dead letters that are PENDING again, or PARKED if their endpoint is disabled.</param>
/// <param name="Failed">Dead letters that stay, as their endpoint is deleted.</param>
internal sealed record RequeuedBody(
    [property: JsonPropertyName("requeued")] int Requeued,
    [property: JsonPropertyName("failed")] int Failed
);
