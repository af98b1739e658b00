using System.Text.Json.Serialization;

namespace WebhookDelivery.Lambda;

/// <summary>What is wrong with a function's input.</summary>
/// <param name="Errors">For each member what is wrong with it, ordered by name.</param>
internal sealed record ErrorsBody(
    [property: JsonPropertyName("errors")] SortedDictionary<string, string[]> Errors
);
