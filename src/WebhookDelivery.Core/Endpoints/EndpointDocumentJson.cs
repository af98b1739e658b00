using System.Text.Json.Serialization;

namespace WebhookDelivery.Core;

/// <summary>Serialises without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointDocument.Content))]
internal sealed partial class EndpointDocumentJson : JsonSerializerContext;
