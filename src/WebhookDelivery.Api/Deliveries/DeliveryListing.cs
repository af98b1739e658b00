using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>GET /deliveries.</summary>
internal sealed class DeliveryListing(IEventStore events, ITenantStore tenants)
{
    public async ValueTask<IResult> ListAsync(HttpContext context, TenantId tenant)
    {
        var query = new QueryReader(context.Request.Query);
        var endpoint = query.EndpointId("endpoint_id");
        if (endpoint is null && !query.Faults.Any)
        {
            query.Faults.Add(
                "endpoint_id",
                "Is required: the deliveries of one endpoint are listed."
            );
        }

        var filter = new DeliveryQuery
        {
            TenantId = tenant,
            EndpointId = endpoint ?? default,
            Statuses = query.DeliveryStatuses("status"),
            EventTypes = query.EventTypes("type"),
            Reasons = query.Reasons("reason"),
            Since = query.Time("since"),
            Until = query.Time("until"),
            Limit = query.Limit(),
        };
        query.RefuseEmptySpan(filter.Since, filter.Until);
        var binding = Cursor.Bind(tenant.Value, "deliveries", query.Filters);
        var after = query.Cursor(binding, Cursor.IdBytes);
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        if (await tenants.FindEndpointAsync(filter.Endpoint, context.RequestAborted) is null)
        {
            return Problems.NoEndpoint;
        }

        var page = await events.ListDeliveriesAsync(
            after is null ? filter : filter with { After = EventId.FromBytes(after) },
            context.RequestAborted
        );
        return Pages.Answer(
            [.. page.Deliveries.Select(DeliveryItemBody.Of)],
            page.Next is { } last ? binding.Write(Cursor.Position(last)) : null,
            ApiJson.Instance.PageBodyDeliveryItemBody
        );
    }
}
