using System.Text.Json.Serialization;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda;

/// <summary>What a sweep did.</summary>
/// <param name="Finished">Whether it came to its end; if not, the next one goes on, and there are no counts.</param>
/// <param name="Overdue">Overdue deliveries made receivable again.</param>
/// <param name="Resumed">Parked deliveries that are PENDING again.</param>
/// <param name="Recovered">Deliveries that recoveries on request started or cancelled.</param>
/// <param name="Cancelled">Deliveries cancelled as their endpoint was deleted.</param>
/// <param name="Expired">Events and keys deleted as their time was over.</param>
/// <param name="Erased">Events deleted with their tenant.</param>
internal sealed record SweptBody(
    [property: JsonPropertyName("finished")] bool Finished,
    [property: JsonPropertyName("overdue")] int? Overdue = null,
    [property: JsonPropertyName("resumed")] int? Resumed = null,
    [property: JsonPropertyName("recovered")] int? Recovered = null,
    [property: JsonPropertyName("cancelled")] int? Cancelled = null,
    [property: JsonPropertyName("expired")] int? Expired = null,
    [property: JsonPropertyName("erased")] int? Erased = null
)
{
    public static SweptBody Of(SweepResult result) =>
        new(
            true,
            result.Overdue,
            result.Resumed,
            result.Recovered,
            result.Cancelled,
            result.Expired,
            result.Erased
        );
}
