using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about endpoints.</summary>
internal static class EndpointRouting
{
    private const string All = "/v1/endpoints";
    private const string One = All + "/{endpoint_id}";

    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        MapReading(routes, gate, services.GetRequiredService<EndpointReading>());
        MapChanging(routes, gate, services.GetRequiredService<EndpointChanging>());
        MapReplacing(routes, gate, services.GetRequiredService<EndpointReplacing>());
        var rotation = services.GetRequiredService<SecretRotation>();
        routes
            .MapPost(One + "/rotate-secret", gate.ForTenant(rotation.RotateAsync))
            .Describe(
                Doc(
                    "rotateSecret",
                    "Gives an endpoint a new secret; the old one signs too for a while."
                ) with
                {
                    Body = typeof(RotateSecretRequest),
                    BodyOptional = true,
                    Answer = typeof(RotationBody),
                    Errors = [ErrorCodes.NotFound, ErrorCodes.SecretLimitReached],
                }
            );
        routes
            .MapDelete(One + "/old-secrets", gate.ForTenant(rotation.ForgetAsync))
            .Describe(
                Doc(
                    "forgetOldSecrets",
                    "Drops every secret but the current one: none of them signs or is kept any more."
                ) with
                {
                    Status = 204,
                }
            );
        var testing = services.GetRequiredService<EndpointTesting>();
        routes
            .MapPost(One + "/test", gate.ForTenant(testing.TestAsync))
            .Describe(
                Doc(
                    "testEndpoint",
                    "Sends a test event to this endpoint alone, whatever its filter."
                ) with
                {
                    Description =
                        "The event goes the way of every other: stored, signed, attempted, retried. GET /v1/events/{event_id}/attempts tells what came of it.",
                    Body = typeof(TestEndpointRequest),
                    BodyOptional = true,
                    Status = 202,
                    Answer = typeof(TestEventBody),
                }
            );
    }

    private static void MapReading(IEndpointRouteBuilder routes, Gate gate, EndpointReading reading)
    {
        routes
            .MapGet(All, gate.ForTenant(reading.ListAsync))
            .Describe(
                Doc("listEndpoints", "Lists endpoints, oldest first.") with
                {
                    Answer = typeof(PageBody<EndpointBody>),
                    Errors = [],
                    Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
                }
            );
        routes
            .MapGet(One, gate.ForTenant(reading.FindAsync))
            .Describe(
                Doc("getEndpoint", "Reads an endpoint.") with
                {
                    Answer = typeof(EndpointBody),
                }
            );
    }

    private static void MapChanging(
        IEndpointRouteBuilder routes,
        Gate gate,
        EndpointChanging changing
    )
    {
        routes
            .MapPost(All, gate.ForTenant(changing.CreateAsync))
            .Describe(
                Doc("createEndpoint", "Creates an endpoint and shows its secret this once.") with
                {
                    Body = typeof(CreateEndpointRequest),
                    Status = 201,
                    Answer = typeof(EndpointBody),
                    Errors = [ErrorCodes.EndpointLimitReached, ErrorCodes.ExternalIdInUse],
                }
            );
        routes
            .MapPatch(One, gate.ForTenant(changing.UpdateAsync))
            .Describe(
                Doc(
                    "updateEndpoint",
                    "Changes the members given; enabling resumes what was parked."
                ) with
                {
                    Body = typeof(UpdateEndpointRequest),
                    Answer = typeof(EndpointBody),
                }
            );
        routes
            .MapDelete(One, gate.ForTenant(changing.DeleteAsync))
            .Describe(
                Doc(
                    "deleteEndpoint",
                    "Deletes an endpoint and cancels what is open towards it."
                ) with
                {
                    Status = 204,
                }
            );
    }

    private static void MapReplacing(
        IEndpointRouteBuilder routes,
        Gate gate,
        EndpointReplacing replacing
    ) =>
        routes
            .MapPut(One, gate.ForTenantUnresolved(replacing.PutAsync))
            .Describe(
                Doc(
                    "putEndpoint",
                    "Creates the endpoint of an external id, or replaces the one that has it."
                ) with
                {
                    Description =
                        "Absent members take their defaults, but for secret and disabled of an endpoint that is there: these stay. 201 with the secret for a new one, else 200.",
                    Body = typeof(CreateEndpointRequest),
                    Answer = typeof(EndpointBody),
                    OtherStatus = 201,
                    Errors = [ErrorCodes.NotFound, ErrorCodes.EndpointLimitReached],
                }
            );

    private static RouteDoc Doc(string id, string summary) =>
        new()
        {
            Id = id,
            Tag = "Endpoints",
            Summary = summary,
            Audience = Audience.Tenant,
            Errors = [ErrorCodes.NotFound],
        };
}
