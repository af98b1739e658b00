using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /endpoints/{endpoint_id}/test.</summary>
internal sealed class EndpointTesting(
    EventIngestor ingestor,
    IValidator<TestFields> validator,
    ApiOptions options,
    BodyMemory memory,
    TimeProvider time
)
{
    /// <summary>The type of a test that names none.</summary>
    public const string EventType = "webhook.test";

    /// <summary>What a request may have beside the payload.</summary>
    private const int BesidePayloadBytes = 4096;

    public async ValueTask<IResult> TestAsync(HttpContext context, TenantId tenant)
    {
        using var room = new BodyRoom(memory, tenant);
        var body = await JsonBody.ReadAsync(
            context,
            optional: true,
            options.MaxPayloadBytes + BesidePayloadBytes,
            PayloadInspector.DepthMax + 1,
            room
        );
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = TestFields.Read(fields);
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var outcome = await ingestor.IngestAsync(
            new IngestRequest
            {
                TenantId = tenant,
                Payload = wanted.Payload.Value?.Utf8 ?? Payload(id, wanted.EventType.Value),
                Type = TypeOf(wanted),
                OnlyTo = id,
                Source = EventSource.Test,
            },
            CancellationToken.None
        );
        return outcome is IngestOutcome.Accepted accepted
            ? new JsonAnswer<TestEventBody>(
                StatusCodes.Status202Accepted,
                new TestEventBody(accepted.EventId.ToString()),
                ApiJson.Instance.TestEventBody
            )
            {
                Location = IntakeAnswer.LocationPrefix + accepted.EventId,
            }
            : Problems.NoEndpoint;
    }

    /// <summary>As given, else as the payload states it, as for POST /events.</summary>
    private static string TypeOf(TestFields wanted) =>
        wanted.EventType.Value
        ?? (
            wanted.Payload.Value is { } payload
                ? (PayloadInspector.Inspect(payload.Utf8.Span) as PayloadInspection.Valid)?.Type
                : null
        )
        ?? EventType;

    private byte[] Payload(EndpointId id, string? type)
    {
        var named = JsonEncodedText.Encode(type ?? EventType);
        var now = time.GetUtcNow()
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $$"""{"type":"{{named}}","endpoint_id":"{{id}}","sent_at":"{{now}}"}"""
        );
    }
}
