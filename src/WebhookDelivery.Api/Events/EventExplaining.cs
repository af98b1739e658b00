using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>GET /events/{event_id}/explain.</summary>
internal sealed class EventExplaining(EventExplainer explainer)
{
    public async ValueTask<IResult> ExplainAsync(HttpContext context, TenantId tenant) =>
        EventId.TryParse(RouteIds.Text(context, RouteIds.Event), out var id)
        && await explainer.ExplainAsync(tenant, id, context.RequestAborted) is { } explanation
            ? new JsonAnswer<ExplanationBody>(
                StatusCodes.Status200OK,
                ExplanationBody.Of(explanation),
                ApiJson.Instance.ExplanationBody
            )
            : Problems.NoEvent;
}
