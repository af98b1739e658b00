using System.Text.Json.Serialization;

namespace WebhookDelivery.Sqlite;

/// <summary>Serialises without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointDocument))]
internal sealed partial class EndpointDocumentJson : JsonSerializerContext;
