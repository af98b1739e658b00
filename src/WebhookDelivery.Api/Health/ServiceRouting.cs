using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about the service itself, open to everybody.</summary>
internal static class ServiceRouting
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var health = services.GetRequiredService<HealthRoutes>();
        MapHealth(
            routes,
            "/health/live",
            HealthRoutes.LiveAsync,
            Doc("live", "Says that the process answers.", typeof(HealthBody))
        );
        MapHealth(
            routes,
            "/health/ready",
            health.ReadyAsync,
            Doc("ready", "Says whether the service can take traffic.", typeof(HealthBody)) with
            {
                Errors = [ErrorCodes.NotReady],
            }
        );
        routes
            .MapGet(
                $"/openapi/{DocumentRoute.Name}.json",
                services.GetRequiredService<DocumentRoute>().GetAsync
            )
            .Describe(Doc("openapi", "This document.", typeof(RawJson)));
    }

    /// <summary>HEAD too, as some load balancers ask with it; the server leaves its body out.</summary>
    private static void MapHealth(
        IEndpointRouteBuilder routes,
        string path,
        RequestDelegate handler,
        RouteDoc doc
    )
    {
        routes.MapGet(path, handler).Describe(doc);
        routes
            .MapMethods(path, [HttpMethods.Head], handler)
            .Describe(
                doc with
                {
                    Id = doc.Id + "Head",
                    Summary = "As GET, but the status alone.",
                    Answer = null,
                }
            );
    }

    private static RouteDoc Doc(string id, string summary, Type answer) =>
        new()
        {
            Id = id,
            Tag = "Service",
            Summary = summary,
            Audience = Audience.Everybody,
            Answer = answer,
        };
}
