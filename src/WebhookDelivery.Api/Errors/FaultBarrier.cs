using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// The outermost middleware: turns what is thrown, and what the framework answers without a body,
/// into problem answers, so that a client meets one form of error only.
/// </summary>
internal sealed class FaultBarrier(RequestDelegate next, ILogger<FaultBarrier> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            // The edge of the request: nothing above this may see what it failed with.
            await AnswerAsync(context, exception);
            return;
        }

        var response = context.Response;
        if (
            response.StatusCode >= StatusCodes.Status400BadRequest
            && !response.HasStarted
            && response.ContentLength is null
            && response.ContentType is null
        )
        {
            await Explain(response).ExecuteAsync(context);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (IsHangUp(context, exception))
        {
            // Nobody is left to answer; 499 is for the access log alone.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            return Task.CompletedTask;
        }

        var problem = Translate(context, exception);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return problem.ExecuteAsync(context);
    }

    /// <summary>The caller went away: its own affair, and no fault to log.</summary>
    private static bool IsHangUp(HttpContext context, Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (
            exception is OperationCanceledException or IOException
            && context.RequestAborted.IsCancellationRequested
        );

    private Problem Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case StoreUnavailableException unavailable:
                ApiLog.StoreUnavailable(logger, context.Request.Method, Route(context), exception);
                return Problems.Overloaded(unavailable);
            case BadHttpRequestException bad:
                return Explain(bad);
            default:
                ApiLog.Unhandled(logger, context.Request.Method, Route(context), exception);
                return Problems.Internal;
        }
    }

    private static Problem Explain(BadHttpRequestException exception) =>
        exception.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => new Problem(
                ErrorCodes.PayloadTooLarge,
                "The body is larger than this route takes."
            ),
            StatusCodes.Status408RequestTimeout => new Problem(
                ErrorCodes.RequestTimeout,
                "The body arrived too slowly."
            ),
            _ => new Problem(
                ErrorCodes.BadRequest,
                "The request's body ended early or is not framed as HTTP demands."
            ),
        };

    private static Problem Explain(HttpResponse response) =>
        response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NoRoute,
            StatusCodes.Status405MethodNotAllowed => new Problem(
                ErrorCodes.MethodNotAllowed,
                $"Allowed here: {response.Headers.Allow}."
            ),
            StatusCodes.Status413PayloadTooLarge => new Problem(
                ErrorCodes.PayloadTooLarge,
                "The body is larger than this route takes."
            ),
            StatusCodes.Status415UnsupportedMediaType => Problems.NotJson,
            >= StatusCodes.Status500InternalServerError => Problems.Internal,
            _ => new Problem(ErrorCodes.BadRequest, "The request was refused."),
        };

    /// <summary>The route's pattern, not the address: logs need no ids of tenants' things.</summary>
    private static string Route(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint route ? route.RoutePattern.RawText ?? "?" : "?";
}
