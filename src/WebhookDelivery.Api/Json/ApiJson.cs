using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookDelivery.Api;

/// <summary>How the API's bodies are written: generated code, snake_case, RFC 3339 times.</summary>
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(AcceptedBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(PageBody<EventItemBody>))]
[JsonSerializable(typeof(PageBody<AttemptBody>))]
[JsonSerializable(typeof(ExplanationBody))]
[JsonSerializable(typeof(RedeliveryBody))]
[JsonSerializable(typeof(CancellationBody))]
[JsonSerializable(typeof(PageBody<DeliveryItemBody>))]
[JsonSerializable(typeof(EndpointBody))]
[JsonSerializable(typeof(PageBody<EndpointBody>))]
[JsonSerializable(typeof(RotationBody))]
[JsonSerializable(typeof(TestEventBody))]
[JsonSerializable(typeof(DiagnosisBody))]
[JsonSerializable(typeof(PageBody<DeadLetterBody>))]
[JsonSerializable(typeof(RequeueBody))]
[JsonSerializable(typeof(RecoveryBody))]
[JsonSerializable(typeof(PageBody<RecoveryBody>))]
[JsonSerializable(typeof(DryRunBody))]
[JsonSerializable(typeof(RecoverRequest))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(CancelDeliveriesRequest))]
[JsonSerializable(typeof(StatisticsBody))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(PageBody<TenantBody>))]
[JsonSerializable(typeof(TenantCreatedBody))]
[JsonSerializable(typeof(ApiKeyCreatedBody))]
[JsonSerializable(typeof(PageBody<ApiKeyBody>))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(CreateEndpointRequest))]
[JsonSerializable(typeof(UpdateEndpointRequest))]
[JsonSerializable(typeof(RotateSecretRequest))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(TestEndpointRequest))]
[JsonSerializable(typeof(VerifySignatureRequest))]
[JsonSerializable(typeof(RedeliverRequest))]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(RequeueRequest))]
[JsonSerializable(typeof(OperatorRequeueRequest))]
[JsonSerializable(typeof(CreateTenantRequest))]
[JsonSerializable(typeof(UpdateTenantRequest))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The one in use.</summary>
    public static ApiJson Instance { get; } = new(Configure(new JsonSerializerOptions()));

    /// <summary>Gives options the API's forms.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new TimeConverter());

        // Keys and secrets hold + and /: whoever cuts them out of an answer must find them as they
        // are. Answers are application/json, never embedded in a page.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
