using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Lets a request through to its handler if its key is good and of the right role. Done here rather
/// than by the framework's authentication, whose scheme lookup, ticket and principal would cost
/// several allocations on every event.
/// </summary>
internal sealed class Gate(ApiKeyAuthenticator authenticator)
{
    /// <summary>A handler of a tenant's route; the tenant comes from the key alone.</summary>
    internal delegate ValueTask<IResult> TenantHandler(HttpContext context, TenantId tenant);

    /// <summary>A handler of an operator's route.</summary>
    internal delegate ValueTask<IResult> OperatorHandler(HttpContext context);

    public RequestDelegate ForTenant(TenantHandler handler) =>
        async context =>
        {
            var key = await FindKeyAsync(context.Request);
            IResult answer = IsTenant(key, out var tenant, out var refusal)
                ? await handler(context, tenant)
                : refusal;
            await answer.ExecuteAsync(context);
        };

    public RequestDelegate ForOperator(OperatorHandler handler) =>
        async context =>
        {
            var key = await FindKeyAsync(context.Request);
            IResult answer = key switch
            {
                null => Problems.Unauthorized,
                { Role: ApiKeyRole.Operator } => await handler(context),
                _ => Problems.NeedsOperatorKey,
            };
            await answer.ExecuteAsync(context);
        };

    /// <summary>The key that the request carries; null if it carries none that is good.</summary>
    public ValueTask<ApiKey?> FindKeyAsync(HttpRequest request) =>
        authenticator.AuthenticateAsync(
            BearerToken.Read(request.Headers.Authorization),
            CancellationToken.None
        );

    /// <summary>Whether the key is a tenant's; otherwise <paramref name="refusal"/> is the answer.</summary>
    public static bool IsTenant(ApiKey? key, out TenantId tenant, out Problem refusal)
    {
        tenant = key?.TenantId ?? default;
        refusal = key is null ? Problems.Unauthorized : Problems.NeedsTenantKey;
        return key is { Role: ApiKeyRole.Tenant, TenantId: not null };
    }
}
