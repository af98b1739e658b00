using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about the service itself, open to everybody.</summary>
internal static class ServiceRouting
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var health = services.GetRequiredService<HealthRoutes>();
        routes
            .MapGet("/health/live", HealthRoutes.LiveAsync)
            .Describe(Doc("live", "Says that the process answers.", typeof(HealthBody)));
        routes
            .MapGet("/health/ready", health.ReadyAsync)
            .Describe(
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
