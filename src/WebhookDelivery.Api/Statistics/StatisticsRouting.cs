using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about statistics.</summary>
internal static class StatisticsRouting
{
    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var reading = services.GetRequiredService<StatisticsReading>();
        routes
            .MapGet("/v1/stats", gate.ForTenant(reading.OfTenantAsync))
            .Describe(
                Doc("getStats", "Counts what happened by hour, of all endpoints together.") with
                {
                    Errors = [ErrorCodes.ValidationFailed],
                }
            );
        routes
            .MapGet("/v1/endpoints/{endpoint_id}/stats", gate.ForTenant(reading.OfEndpointAsync))
            .Describe(
                Doc("getEndpointStats", "Counts what happened to one endpoint by hour.") with
                {
                    Errors = [ErrorCodes.ValidationFailed, ErrorCodes.NotFound],
                }
            );
    }

    private static RouteDoc Doc(string id, string summary) =>
        new()
        {
            Id = id,
            Tag = "Statistics",
            Summary = summary,
            Description =
                "Whole hours, in UTC; those in which nothing happened are left out. Kept for 30 days. Latencies are at most 5 % off. What another process has counted in its last seconds may be missing.",
            Audience = Audience.Tenant,
            Answer = typeof(StatisticsBody),
            Parameters = [ParameterDoc.SinceHour, ParameterDoc.UntilHour],
        };
}
