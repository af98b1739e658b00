using System.Globalization;
using WebhookDelivery.Receiver;
using WebhookDelivery.Signatures;

namespace WebhookReceiver;

/// <summary>
/// Takes deliveries while no secret is known. It shares the log of processed ids with the
/// verified route, where the key's path is the request's too, so that a duplicate is recognised
/// when the secret comes in between.
/// </summary>
internal sealed class UnverifiedDeliveries(
    IReceivedWebhookLog log,
    DeliveryHandler handler,
    TimeProvider time
)
{
    public const string AnyPath = "/{**path}";

    public async Task ReceiveAsync(HttpContext context)
    {
        var webhook = await ReadAsync(context);
        var key = new WebhookKey($"{context.Request.Path}", webhook.Id);
        var claim = await log.ClaimAsync(key, context.RequestAborted);
        var isNew = claim == WebhookClaim.Claimed;
        var isProcessed = false;
        try
        {
            var reply = await handler.HandleAsync(
                isNew ? webhook : AsDuplicate(webhook),
                "unverified",
                context.RequestAborted
            );
            context.Response.StatusCode =
                reply.IsSuccess && !isNew ? StatusCodes.Status200OK : reply.StatusCode;
            isProcessed = reply.IsSuccess && webhook.Id.Length > 0;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender gave up on a delay or a hang: what they are for.
        }
        finally
        {
            if (isNew)
            {
                await (isProcessed ? log.CompleteAsync(key) : log.ReleaseAsync(key));
            }
        }
    }

    private async Task<ReceivedWebhook> ReadAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new ReceivedWebhook
        {
            Id = headers[StandardWebhooksSignature.IdHeaderName].ToString(),
            EventType = headers[WebhookHeaderNames.EventType],
            Attempt = int.TryParse(
                headers[WebhookHeaderNames.Attempt],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var attempt
            )
                ? attempt
                : null,
            Timestamp = time.GetUtcNow(),
            Payload = body.ToArray(),
            VerifiedSchemes = SignatureSchemes.None,
        };
    }

    private static ReceivedWebhook AsDuplicate(ReceivedWebhook webhook) =>
        new()
        {
            Id = webhook.Id,
            EventType = webhook.EventType,
            Attempt = webhook.Attempt,
            Timestamp = webhook.Timestamp,
            Payload = webhook.Payload,
            VerifiedSchemes = webhook.VerifiedSchemes,
            IsDuplicate = true,
        };
}
