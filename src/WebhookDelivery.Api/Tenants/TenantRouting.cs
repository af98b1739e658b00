using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The operators' routes about tenants and their keys.</summary>
internal static class TenantRouting
{
    private const string All = "/v1/tenants";
    private const string One = All + "/{tenant_id}";

    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        MapTenants(routes, gate, services.GetRequiredService<TenantRoutes>());
        MapKeys(routes, gate, services.GetRequiredService<ApiKeyRoutes>());
    }

    private static void MapTenants(IEndpointRouteBuilder routes, Gate gate, TenantRoutes tenants)
    {
        routes
            .MapPost(All, gate.ForOperator(tenants.CreateAsync))
            .Describe(
                Doc(
                    "createTenant",
                    "Creates a tenant; its key and secret are shown this once."
                ) with
                {
                    Body = typeof(CreateTenantRequest),
                    Status = 201,
                    Answer = typeof(TenantCreatedBody),
                    Errors = [ErrorCodes.TenantExists],
                }
            );
        routes
            .MapGet(All, gate.ForOperator(tenants.ListAsync))
            .Describe(
                Doc("listTenants", "Lists tenants by id.") with
                {
                    Answer = typeof(PageBody<TenantBody>),
                    Errors = [],
                    Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
                }
            );
        routes
            .MapGet(One, gate.ForOperator(tenants.FindAsync))
            .Describe(Doc("getTenant", "Reads a tenant.") with { Answer = typeof(TenantBody) });
        routes
            .MapPatch(One, gate.ForOperator(tenants.UpdateAsync))
            .Describe(
                Doc("updateTenant", "Changes a tenant's name.") with
                {
                    Body = typeof(UpdateTenantRequest),
                    Answer = typeof(TenantBody),
                }
            );
        routes
            .MapDelete(One, gate.ForOperator(tenants.DeleteAsync))
            .Describe(
                Doc("deleteTenant", "Deletes a tenant; its data is erased in the background.") with
                {
                    Status = 204,
                }
            );
    }

    private static void MapKeys(IEndpointRouteBuilder routes, Gate gate, ApiKeyRoutes keys)
    {
        routes
            .MapPost(One + "/api-keys", gate.ForOperator(keys.CreateAsync))
            .Describe(
                Doc("createApiKey", "Makes a further API key, shown this once.") with
                {
                    Body = typeof(CreateApiKeyRequest),
                    BodyOptional = true,
                    Status = 201,
                    Answer = typeof(ApiKeyCreatedBody),
                    Errors = [ErrorCodes.NotFound, ErrorCodes.ApiKeyLimitReached],
                }
            );
        routes
            .MapGet(One + "/api-keys", gate.ForOperator(keys.ListAsync))
            .Describe(
                Doc(
                    "listApiKeys",
                    "Lists a tenant's API keys, oldest first, revoked ones included."
                ) with
                {
                    Answer = typeof(PageBody<ApiKeyBody>),
                    Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
                }
            );
        routes
            .MapDelete(One + "/api-keys/{key_id}", gate.ForOperator(keys.RevokeAsync))
            .Describe(Doc("revokeApiKey", "Revokes an API key at once.") with { Status = 204 });
    }

    private static RouteDoc Doc(string id, string summary) =>
        new()
        {
            Id = id,
            Tag = "Tenants",
            Summary = summary,
            Audience = Audience.Operator,
            Errors = [ErrorCodes.NotFound],
        };
}
