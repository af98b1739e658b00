using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>Puts the HTTP API into an application's pipeline.</summary>
public static class ApiRouting
{
    /// <summary>
    /// Turns every error into a problem answer, also those of the framework and of other routes. Call
    /// it before anything else that answers requests.
    /// </summary>
    /// <param name="application">The pipeline.</param>
    /// <returns><paramref name="application"/>.</returns>
    public static IApplicationBuilder UseWebhookDeliveryApi(this IApplicationBuilder application) =>
        application.UseMiddleware<FaultBarrier>();

    /// <summary>Maps the API's routes: /v1, the alias /events, /health and /openapi/v1.json.</summary>
    /// <param name="routes">Where to map.</param>
    /// <returns><paramref name="routes"/>.</returns>
    public static IEndpointRouteBuilder MapWebhookDeliveryApi(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var gate = services.GetRequiredService<Gate>();
        EventRouting.Map(routes, gate, services);
        DeliveryRouting.Map(routes, gate, services);
        EndpointRouting.Map(routes, gate, services);
        RecoveryRouting.Map(routes, gate, services);
        SignatureRouting.Map(routes, gate, services);
        DeadLetterRouting.Map(routes, gate, services);
        StatisticsRouting.Map(routes, gate, services);
        TenantRouting.Map(routes, gate, services);
        ServiceRouting.Map(routes, services);
        return routes;
    }
}
