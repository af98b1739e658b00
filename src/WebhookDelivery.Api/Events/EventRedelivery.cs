using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /events/{event_id}/redeliver.</summary>
internal sealed class EventRedelivery(Redeliverer redeliverer)
{
    public async ValueTask<IResult> RedeliverAsync(HttpContext context, TenantId tenant)
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
        return await redeliverer.RedeliverAsync(tenant, id, endpoint, CancellationToken.None) switch
        {
            Redelivery.Started started => new JsonAnswer<RedeliveryBody>(
                StatusCodes.Status202Accepted,
                new RedeliveryBody
                {
                    EventId = id.ToString(),
                    EndpointIds = [.. started.Endpoints.Select(each => each.ToString())],
                },
                ApiJson.Instance.RedeliveryBody
            ),
            Redelivery.LimitReached limit => new Problem(
                ErrorCodes.RedeliveryLimitReached,
                $"A delivery may be started {limit.GenerationsMax} times, the first one counted. Post the event again instead."
            ),
            Redelivery.NothingToDeliver => new Problem(
                ErrorCodes.NothingToDeliver,
                "The event went to no endpoint, or only to endpoints that are deleted."
            ),
            _ => endpoint is null ? Problems.NoEvent : Problems.NoDelivery,
        };
    }
}
