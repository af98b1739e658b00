using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /events/{event_id}/cancel.</summary>
internal sealed class EventCancellation(DeliveryCanceller canceller)
{
    public async ValueTask<IResult> CancelAsync(HttpContext context, TenantId tenant)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var endpoint = fields.EndpointId("endpoint_id").Value;
        fields.RefuseOthers();
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        if (!EventId.TryParse(RouteIds.Text(context, RouteIds.Event), out var id))
        {
            return Problems.NoEvent;
        }

        // Once it has begun, a caller that hangs up does not leave it half done.
        return await canceller.CancelAsync(tenant, id, endpoint, CancellationToken.None) switch
        {
            Cancellation.Done done => new JsonAnswer<CancellationBody>(
                StatusCodes.Status200OK,
                new CancellationBody
                {
                    EventId = id.ToString(),
                    EndpointIds = [.. done.Endpoints.Select(each => each.ToString())],
                },
                ApiJson.Instance.CancellationBody
            ),
            Cancellation.NothingToCancel => new Problem(
                ErrorCodes.NothingToCancel,
                "No delivery that was named is pending, failed or parked."
            ),
            _ => endpoint is null ? Problems.NoEvent : Problems.NoDelivery,
        };
    }
}
