using System.Text.Json.Serialization;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>An event and an answer of tests.</summary>
internal sealed record Greeting(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("note")] string? Note = null
);

[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetingJson : JsonSerializerContext;
