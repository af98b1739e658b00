using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Lets an external id stand wherever an endpoint's id may: it reads as the id of the endpoint that
/// has it, and one that no endpoint has as an id that no endpoint has. Asks the store, and only for
/// requests that hold such a name.
/// </summary>
internal sealed class EndpointNames(ITenantStore store)
{
    /// <summary>The id that stands for a name without an endpoint.</summary>
    private static readonly EndpointId s_nobody = new(Guid.Empty);

    /// <summary>Whether a text names an endpoint by its external id.</summary>
    public static bool IsName(string? text) => ExternalIds.IsExternalId(text);

    /// <summary>The endpoint of a name.</summary>
    public async ValueTask<EndpointId> FindAsync(
        TenantId tenant,
        string name,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await store.LoadAsync(tenant, cancellationToken);
        return snapshot?.Endpoints.FirstOrDefault(each => each.ExternalId == name) is { } endpoint
            ? endpoint.Key.EndpointId
            : s_nobody;
    }

    /// <summary>
    /// Puts ids in the place of names in a request's address, so that no handler must know of names.
    /// </summary>
    public static ValueTask ResolveAsync(HttpContext context, TenantId tenant)
    {
        var inPath = RouteIds.Text(context, RouteIds.Endpoint);
        var inQuery = context.Request.QueryString.HasValue
            ? context.Request.Query[RouteIds.Endpoint]
            : default;
        return IsName(inPath) || (inQuery.Count == 1 && IsName(inQuery[0]))
            ? ResolveAsync(context, tenant, inPath, inQuery.Count == 1 ? inQuery[0] : null)
            : default;
    }

    /// <summary>
    /// The endpoint that a name in a request's body stands for; null if nobody says of which tenant.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name.</param>
    /// <param name="tenant">The tenant that the body names, for operators, who are none themselves.</param>
    public static async ValueTask<EndpointId?> FindInBodyAsync(
        HttpContext context,
        string name,
        string? tenant
    )
    {
        return Owner(context.Features.Get<Caller>(), tenant) is { } id
            ? await context
                .RequestServices.GetRequiredService<EndpointNames>()
                .FindAsync(id, name, context.RequestAborted)
            : null;
    }

    private static async ValueTask ResolveAsync(
        HttpContext context,
        TenantId tenant,
        string? inPath,
        string? inQuery
    )
    {
        var names = context.RequestServices.GetRequiredService<EndpointNames>();
        if (IsName(inPath))
        {
            var id = await names.FindAsync(tenant, inPath!, context.RequestAborted);
            context.Request.RouteValues[RouteIds.Endpoint] = id.ToString();
        }

        if (IsName(inQuery))
        {
            var id = await names.FindAsync(tenant, inQuery!, context.RequestAborted);
            context.Request.Query = new QueryCollection(
                new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>(
                    context.Request.Query,
                    StringComparer.OrdinalIgnoreCase
                )
                {
                    [RouteIds.Endpoint] = id.ToString(),
                }
            );
        }
    }

    /// <summary>Whose a name is: a tenant's own, whatever its body says; an operator says whose.</summary>
    private static TenantId? Owner(Caller? caller, string? named) =>
        caller is { Tenant: null }
            ? TenantId.TryParse(named, out var tenant)
                ? tenant
                : null
            : caller?.Tenant;
}
