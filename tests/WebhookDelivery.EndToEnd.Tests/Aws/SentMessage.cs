using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A message as SQS was asked to take it.</summary>
/// <param name="Body">Its body.</param>
/// <param name="DelaySeconds">For how long to keep it back; 0 if nothing was said.</param>
public sealed record SentMessage(string Body, int DelaySeconds)
{
    /// <summary>The line of JSON before the payload.</summary>
    public JsonObject Header => JsonNode.Parse(Body.Split('\n')[0])!.AsObject();

    /// <summary>False for a dead letter's.</summary>
    public bool IsDelivery => !Header.ContainsKey("dl");

    /// <summary>The delivery and the attempt that it asks for.</summary>
    public string Attempt => $"{Header["e"]}#{Header["p"]}#{Header["g"]}#{Header["a"]}";

    /// <summary>The messages of a SendMessage or SendMessageBatch.</summary>
    public static IEnumerable<SentMessage> Of(ProxiedRequest request) =>
        Entries(request.Json())
            .Select(entry => new SentMessage(
                (string)entry["MessageBody"]!,
                (int?)entry[nameof(DelaySeconds)] ?? 0
            ));

    /// <summary>The entries of a SendMessageBatch; a SendMessage is its only one.</summary>
    public static IEnumerable<JsonObject> Entries(JsonObject request) =>
        request["Entries"] is JsonArray entries
            ? entries.Select(entry => entry!.AsObject())
            : [request];
}
