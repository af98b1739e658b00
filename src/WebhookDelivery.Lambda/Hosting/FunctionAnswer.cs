using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace WebhookDelivery.Lambda;

/// <summary>The answer of a function that people invoke, in the form of an HTTP answer.</summary>
/// <param name="StatusCode">200 for done, 400 for input that is not valid.</param>
/// <param name="Body">JSON, as a text.</param>
internal sealed record FunctionAnswer(
    [property: JsonPropertyName("statusCode")] int StatusCode,
    [property: JsonPropertyName("body")] string Body
)
{
    public static FunctionAnswer Of<T>(int statusCode, T body, JsonTypeInfo<T> type) =>
        new(statusCode, JsonSerializer.Serialize(body, type));
}
