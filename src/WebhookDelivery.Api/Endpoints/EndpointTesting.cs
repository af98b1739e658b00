using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /endpoints/{endpoint_id}/test.</summary>
internal sealed class EndpointTesting(EventIngestor ingestor, TimeProvider time)
{
    public const string EventType = "webhook.test";

    public async ValueTask<IResult> TestAsync(HttpContext context, TenantId tenant)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        fields.RefuseOthers();
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
                Payload = Payload(id),
                Type = EventType,
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

    private byte[] Payload(EndpointId id)
    {
        var now = time.GetUtcNow()
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $$"""{"type":"{{EventType}}","endpoint_id":"{{id}}","sent_at":"{{now}}"}"""
        );
    }
}
