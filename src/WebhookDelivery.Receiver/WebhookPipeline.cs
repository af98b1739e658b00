using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>What happens to each request.</summary>
/// <remarks>
/// <code>
/// 1 read     the bytes, up to the limit                     → 413
/// 2 verify   the signatures over exactly these bytes        → 400, 401, 503
/// 3 claim    the webhook id, at this path                   → 200 duplicate, 409 in progress
/// 4 handle   the webhook                                    → 204, or the handler's failure
/// 5 settle   remember the id if processed, else forget it, so that the retry runs
/// </code>
/// Secrets and log are asked of the request's services, so that either may live in a database
/// context of that scope.
/// </remarks>
internal sealed class WebhookPipeline(
    IOptionsMonitor<WebhookReceiverOptions> optionsMonitor,
    TimeProvider timeProvider,
    ILogger<WebhookPipeline> logger
)
{
    public delegate Task<WebhookReply> Handler(ReceivedWebhook webhook, HttpContext context);

    public async Task RunAsync(HttpContext context, Handler handler)
    {
        var options = optionsMonitor.CurrentValue;
        var cancellationToken = context.RequestAborted;
        var id = context.Request.Headers[StandardWebhooksSignature.IdHeaderName].ToString();
        if (FindIdProblem(id) is { } idProblem)
        {
            await RefuseAsync(context, WebhookRefusal.From(idProblem));
            return;
        }

        // 1
        var payload = await PayloadReader.ReadAsync(
            context.Request,
            options.PayloadBytesMax,
            cancellationToken
        );
        if (payload is null)
        {
            await RefuseAsync(context, WebhookRefusal.TooLarge(options.PayloadBytesMax));
            return;
        }

        // 2
        var source = context.RequestServices.GetRequiredService<IWebhookSecretSource>();
        var secrets = await source.GetSecretsAsync(context, cancellationToken);
        if (secrets.Count == 0)
        {
            await RefuseAsync(context, WebhookRefusal.NoSecret);
            return;
        }

        var result = Verify(context.Request, secrets, options, payload.Value);
        if (result is not VerificationResult.Verified verified)
        {
            await RefuseAsync(context, WebhookRefusal.From(result));
            return;
        }

        // 3
        var key = new WebhookKey(ReceiverPath.Of(context), id);
        var log = context.RequestServices.GetRequiredService<IReceivedWebhookLog>();
        var claim = await log.ClaimAsync(key, cancellationToken);
        if (claim == WebhookClaim.InProgress)
        {
            await RefuseAsync(context, WebhookRefusal.StillInProgress);
            return;
        }

        var isDuplicate = claim == WebhookClaim.AlreadyProcessed;
        var webhook = Describe(context.Request, verified, id, payload.Value, isDuplicate);
        if (isDuplicate)
        {
            await AnswerDuplicateAsync(context, webhook, handler, options);
            return;
        }

        await AnswerAsync(context, await HandleClaimedAsync(context, log, key, webhook, handler));
    }

    private static VerificationResult? FindIdProblem(string id) =>
        id.Length == 0
            ? new VerificationResult.MissingHeader(StandardWebhooksSignature.IdHeaderName)
        : StandardWebhooksSignature.IsValidId(id) ? null
        : new VerificationResult.MalformedHeader(
            StandardWebhooksSignature.IdHeaderName,
            "It has 1 to 255 visible ASCII characters and no full stop."
        );

    private VerificationResult Verify(
        HttpRequest request,
        IReadOnlyList<SigningSecret> secrets,
        WebhookReceiverOptions options,
        ReadOnlyMemory<byte> payload
    )
    {
        // A header sent twice arrives joined by commas here, which no valid value survives.
        var headers = request.Headers;
        var verifier = new WebhookVerifier(
            secrets,
            new WebhookVerifierOptions { Tolerance = options.Tolerance, Policy = options.Policy },
            timeProvider
        );
        return verifier.Verify(
            new SignatureHeaders(
                headers[StripeSignature.HeaderName],
                headers[StandardWebhooksSignature.IdHeaderName],
                headers[StandardWebhooksSignature.TimestampHeaderName],
                headers[StandardWebhooksSignature.SignatureHeaderName]
            ),
            payload.Span
        );
    }

    private static ReceivedWebhook Describe(
        HttpRequest request,
        VerificationResult.Verified verified,
        string id,
        ReadOnlyMemory<byte> payload,
        bool isDuplicate
    ) =>
        new()
        {
            Id = id,
            EventType = request.Headers[WebhookHeaderNames.EventType],
            Attempt = int.TryParse(
                request.Headers[WebhookHeaderNames.Attempt],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var attempt
            )
                ? attempt
                : null,
            Timestamp = verified.Timestamp,
            Payload = payload,
            VerifiedSchemes = verified.Schemes,
            IsDuplicate = isDuplicate,
        };

    private async Task AnswerDuplicateAsync(
        HttpContext context,
        ReceivedWebhook webhook,
        Handler handler,
        WebhookReceiverOptions options
    )
    {
        Log.Duplicate(logger, webhook.Id);
        var reply = options.RunHandlerForDuplicates
            ? await HandleAsync(context, webhook, handler)
            : WebhookReply.Processed;
        if (!reply.IsSuccess)
        {
            await AnswerAsync(context, reply);
            return;
        }

        // Said in the body, where the sender's attempt list shows it.
        context.Response.StatusCode = StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync(new { duplicate = true });
    }

    // 4 and 5
    private async Task<WebhookReply> HandleClaimedAsync(
        HttpContext context,
        IReceivedWebhookLog log,
        WebhookKey key,
        ReceivedWebhook webhook,
        Handler handler
    )
    {
        var isProcessed = false;
        try
        {
            var reply = await HandleAsync(context, webhook, handler);
            if (reply.IsSuccess)
            {
                // Also when the sender has gone meanwhile: the work is done, its retry a duplicate.
                await log.CompleteAsync(key);
                isProcessed = true;
            }

            return reply;
        }
        finally
        {
            if (!isProcessed)
            {
                await log.ReleaseAsync(key);
            }
        }
    }

    private async Task<WebhookReply> HandleAsync(
        HttpContext context,
        ReceivedWebhook webhook,
        Handler handler
    )
    {
        try
        {
            return await handler(webhook, context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return WebhookReply.Failed();
        }
        catch (Exception exception)
        {
            // The edge of foreign code: whatever it throws, the sender gets a failure it retries.
            Log.HandlerThrew(logger, exception, webhook.Id);
            return WebhookReply.Failed();
        }
    }

    private async Task AnswerAsync(HttpContext context, WebhookReply reply)
    {
        if (!reply.IsSuccess)
        {
            await RefuseAsync(context, WebhookRefusal.Handler(reply.StatusCode, reply.RetryAfter));
            return;
        }

        context.Response.StatusCode = reply.StatusCode;
    }

    private Task RefuseAsync(HttpContext context, WebhookRefusal refusal)
    {
        Log.Refused(logger, refusal.Code, refusal.StatusCode);
        context.Features.Set(refusal);
        return RefusalWriter.WriteAsync(context, refusal);
    }
}
