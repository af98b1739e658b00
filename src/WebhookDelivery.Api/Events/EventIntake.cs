using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// POST /events, the hot path: key, headers, body, look at the payload, ingest, answer. No model
/// binding, no serializer and no cancellation token (asking for one makes the server allocate it;
/// an append is not cancelled anyway).
/// </summary>
internal sealed class EventIntake(
    Gate gate,
    EventIngestor ingestor,
    ApiOptions options,
    BodyMemory memory
)
{
    public async Task HandleAsync(HttpContext context)
    {
        var refusal = await IngestAsync(context);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
        }
    }

    /// <summary>Answers an accepted event itself; returns the answer to any other.</summary>
    private async ValueTask<Problem?> IngestAsync(HttpContext context)
    {
        var key = await gate.FindKeyAsync(context);
        if (!Gate.IsTenant(key, out var tenant, out var refusal))
        {
            return refusal;
        }

        var headers = IntakeHeaders.Read(context.Request.Headers, out var badHeader);
        if (badHeader is not null)
        {
            return badHeader;
        }

        // Held until the event is stored: the payload is in memory as long.
        using var room =
            context.Request.ContentLength <= BodyMemory.FreeBytes
                ? null
                : new BodyRoom(memory, tenant);
        var payload = await BodyReading.ReadAsync(context, options.MaxPayloadBytes, room);
        if (payload is null)
        {
            return Problems.TooLarge(options.MaxPayloadBytes);
        }

        if (payload.Length == 0)
        {
            return new Problem(ErrorCodes.InvalidPayload, "The body is empty.");
        }

        var inspection = PayloadInspector.Inspect(payload);
        if (inspection is not PayloadInspection.Valid valid)
        {
            var fault = ((PayloadInspection.Invalid)inspection).Fault;
            return new Problem(ErrorCodes.InvalidPayload, fault);
        }

        var outcome = await ingestor.IngestAsync(
            new IngestRequest
            {
                TenantId = tenant,
                Payload = payload,
                Type = headers.Type ?? valid.Type,
                IdempotencyKey = headers.IdempotencyKey,
                TraceParent = headers.TraceParent,
            },
            CancellationToken.None
        );
        return await AnswerAsync(context.Response, outcome);
    }

    private static async ValueTask<Problem?> AnswerAsync(
        HttpResponse response,
        IngestOutcome outcome
    )
    {
        switch (outcome)
        {
            case IngestOutcome.Accepted accepted:
                await IntakeAnswer.WriteAsync(
                    response,
                    accepted.EventId,
                    accepted.Endpoints,
                    replayed: false
                );
                return null;
            case IngestOutcome.Replayed replayed:
                await IntakeAnswer.WriteAsync(
                    response,
                    replayed.EventId,
                    replayed.Endpoints,
                    replayed: true
                );
                return null;
            case IngestOutcome.KeyReused:
                return new Problem(
                    ErrorCodes.IdempotencyKeyReused,
                    "This Idempotency-Key was used within the last 24 hours with another body or event type."
                );
            default:
                // The tenant was deleted after its key was checked: the key is no longer good.
                return Problems.Unauthorized;
        }
    }
}
