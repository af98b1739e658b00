using Microsoft.AspNetCore.Connections.Features;
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

    /// <summary>Lets tenants through, with ids in the place of the names of their endpoints.</summary>
    public RequestDelegate ForTenant(TenantHandler handler) =>
        ForTenantUnresolved(
            async (context, tenant) =>
            {
                await EndpointNames.ResolveAsync(context, tenant);
                return await handler(context, tenant);
            }
        );

    /// <summary>Lets tenants through, the address as it is.</summary>
    public RequestDelegate ForTenantUnresolved(TenantHandler handler) =>
        async context =>
        {
            var key = await FindKeyAsync(context);
            IResult answer;
            if (IsTenant(key, out var tenant, out var refusal))
            {
                context.Features.Set(new Caller(tenant));
                answer = await handler(context, tenant);
            }
            else
            {
                answer = refusal;
            }

            await answer.ExecuteAsync(context);
        };

    public RequestDelegate ForOperator(OperatorHandler handler) =>
        async context =>
        {
            var key = await FindKeyAsync(context);
            IResult answer;
            if (key is { Role: ApiKeyRole.Operator })
            {
                context.Features.Set(Caller.Operator);
                answer = await handler(context);
            }
            else
            {
                answer = key is null ? Problems.Unauthorized : Problems.NeedsOperatorKey;
            }

            await answer.ExecuteAsync(context);
        };

    /// <summary>The key that the request carries; null if it carries none that is good.</summary>
    /// <remarks>
    /// A client sends the same header on every request of a connection, for which the server keeps
    /// one string: whose key that is, is remembered beside it and need not be hashed again. Only
    /// HTTP/1.1, where a connection's requests follow one another.
    /// </remarks>
    public async ValueTask<ApiKey?> FindKeyAsync(HttpContext context)
    {
        var request = context.Request;
        var header = request.Headers.Authorization;
        if (header.Count != 1)
        {
            return null;
        }

        var connection = HttpProtocol.IsHttp11(request.Protocol)
            ? context.Features.Get<IConnectionItemsFeature>()?.Items
            : null;
        if (
            connection is not null
            && connection.TryGetValue(KnownKey.Item, out var item)
            && item is KnownKey known
            && ReferenceEquals(known.Header, header[0])
        )
        {
            return await authenticator.AuthenticateAgainAsync(known.Key, CancellationToken.None);
        }

        var key = await authenticator.AuthenticateAsync(
            BearerToken.Read(header),
            CancellationToken.None
        );
        if (key is not null && connection is not null)
        {
            connection[KnownKey.Item] = new KnownKey(header[0]!, key);
        }

        return key;
    }

    /// <summary>Whether the key is a tenant's; otherwise <paramref name="refusal"/> is the answer.</summary>
    public static bool IsTenant(ApiKey? key, out TenantId tenant, out Problem refusal)
    {
        tenant = key?.TenantId ?? default;
        refusal = key is null ? Problems.Unauthorized : Problems.NeedsTenantKey;
        return key is { Role: ApiKeyRole.Tenant, TenantId: not null };
    }

    /// <summary>A header's one string on a connection, and the key that it was found to carry.</summary>
    private sealed record KnownKey(string Header, ApiKey Key)
    {
        public static readonly object Item = new();
    }
}
