using System.Text.Json.Serialization;

namespace WebhookDelivery.Core;

/// <summary>Serialises without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RecoveryDocument.Content))]
internal sealed partial class RecoveryDocumentJson : JsonSerializerContext;
