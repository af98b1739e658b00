using WebhookDelivery.Receiver;
using WebhookDelivery.Signatures;

namespace WebhookReceiver;

/// <summary>Lists requests that were refused before they reached the handler.</summary>
internal sealed class RefusalRecorder(RequestDelegate next, ReceivedList received)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (
            context.Features.Get<WebhookRefusal>() is { } refusal
            && refusal.Code != WebhookRefusal.HandlerFailed
        )
        {
            var headers = context.Request.Headers;
            received.Add(
                headers[StandardWebhooksSignature.IdHeaderName].ToString(),
                headers[WebhookHeaderNames.EventType],
                attempt: null,
                duplicate: false,
                $"refused: {refusal.Code}",
                refusal.StatusCode,
                body: []
            );
        }
    }
}
