using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Receiver;

/// <summary>Maps routes that receive webhooks.</summary>
/// <remarks>
/// Each route verifies before anything else, acknowledges duplicates without running the handler
/// (200), answers 409 while an earlier delivery of the same webhook is being handled, and
/// remembers an id only when its handler has succeeded. An id is remembered with the path it came
/// to, see <see cref="WebhookKey"/>: endpoints that share an application, or a pattern such as
/// <c>/hooks/{customer}</c>, each get the event that is sent to all of them. Refusals are problem details with a
/// <c>code</c>, see <see cref="WebhookRefusal"/>. The signature is the authentication: the routes
/// allow anonymous callers whatever the application's fallback policy.
/// </remarks>
public static class WebhookEndpointRouteBuilderExtensions
{
    /// <summary>Maps POST on a route to a handler that succeeds unless it throws.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern; ids are kept apart by path, see remarks.</param>
    /// <param name="handler">The handler; its token is signalled when the sender has gone.</param>
    /// <returns>The endpoint's conventions.</returns>
    /// <exception cref="InvalidOperationException">AddWebhookReceiver was not called.</exception>
    public static IEndpointConventionBuilder MapWebhook(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        Func<ReceivedWebhook, CancellationToken, Task> handler
    ) =>
        Map(
            endpoints,
            pattern,
            async (webhook, context) =>
            {
                await handler(webhook, context.RequestAborted);
                return WebhookReply.Processed;
            }
        );

    /// <summary>Maps POST on a route to a handler that says what came of the webhook.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern; ids are kept apart by path, see remarks.</param>
    /// <param name="handler">The handler; its token is signalled when the sender has gone.</param>
    /// <returns>The endpoint's conventions.</returns>
    /// <exception cref="InvalidOperationException">AddWebhookReceiver was not called.</exception>
    public static IEndpointConventionBuilder MapWebhook(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        Func<ReceivedWebhook, CancellationToken, Task<WebhookReply>> handler
    ) => Map(endpoints, pattern, (webhook, context) => handler(webhook, context.RequestAborted));

    /// <summary>Maps POST on a route to a handler made per request from the request's services.</summary>
    /// <typeparam name="THandler">The handler; it need not be registered.</typeparam>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The route pattern; ids are kept apart by path, see remarks.</param>
    /// <returns>The endpoint's conventions.</returns>
    /// <exception cref="InvalidOperationException">AddWebhookReceiver was not called.</exception>
    public static IEndpointConventionBuilder MapWebhook<THandler>(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern
    )
        where THandler : class, IWebhookHandler =>
        Map(
            endpoints,
            pattern,
            (webhook, context) =>
                ActivatorUtilities
                    .GetServiceOrCreateInstance<THandler>(context.RequestServices)
                    .HandleAsync(webhook, context.RequestAborted)
        );

    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints,
        string pattern,
        WebhookPipeline.Handler handler
    )
    {
        var pipeline =
            endpoints.ServiceProvider.GetService<WebhookPipeline>()
            ?? throw new InvalidOperationException(
                "MapWebhook needs services.AddWebhookReceiver(…)."
            );
        RequestDelegate run = context => pipeline.RunAsync(context, handler);
        return endpoints.MapPost(pattern, run).AllowAnonymous();
    }
}
