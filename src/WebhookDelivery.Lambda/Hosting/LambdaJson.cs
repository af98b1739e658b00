using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.SQSEvents;

namespace WebhookDelivery.Lambda;

/// <summary>
/// Events, answers and what stands in them. Members say their names themselves, as serializers for
/// Lambda do not ask this context how to write them.
/// </summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
[JsonSerializable(typeof(FunctionAnswer))]
[JsonSerializable(typeof(RequeuedBody))]
[JsonSerializable(typeof(ErrorsBody))]
[JsonSerializable(typeof(SweptBody))]
internal sealed partial class LambdaJson : JsonSerializerContext;
