using System.Text.Json.Serialization;

namespace WebhookDelivery.Aws;

/// <summary>Reads and writes headers of messages. Everything but ASCII is escaped.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryMessageHeader))]
internal sealed partial class DeliveryMessageJson : JsonSerializerContext;
