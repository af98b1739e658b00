using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// The routes that read a tenant's endpoints. They read the store, not the cache: a change made by
/// another process shows at once.
/// </summary>
internal sealed class EndpointReading(ITenantStore store, EndpointVault vault)
{
    public async ValueTask<IResult> ListAsync(HttpContext context, TenantId tenant)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Limit();
        var binding = Cursor.Bind(tenant.Value, "endpoints", query.Filters);
        var after = query.Cursor(binding, Cursor.IdBytes);
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var snapshot = await store.LoadAsync(tenant, context.RequestAborted);
        if (snapshot is null)
        {
            return Problems.Unauthorized;
        }

        EndpointId? last = after is null ? null : EndpointId.FromBytes(after);
        var (page, more) = Pages.Take(
            snapshot.Endpoints.Where(each =>
                last is null || each.Key.EndpointId.CompareTo(last.Value) > 0
            ),
            limit
        );
        var data = new EndpointBody[page.Count];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = await ShowAsync(snapshot.Tenant, page[i], context.RequestAborted);
        }

        var next = more ? binding.Write(Cursor.Position(page[^1].Key.EndpointId)) : null;
        return Pages.Answer(data, next, ApiJson.Instance.PageBodyEndpointBody);
    }

    public async ValueTask<IResult> FindAsync(HttpContext context, TenantId tenant)
    {
        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var snapshot = await store.LoadAsync(tenant, context.RequestAborted);
        var endpoint = snapshot?.Endpoints.FirstOrDefault(each => each.Key.EndpointId == id);
        return endpoint is null
            ? Problems.NoEndpoint
            : new JsonAnswer<EndpointBody>(
                StatusCodes.Status200OK,
                await ShowAsync(snapshot!.Tenant, endpoint, context.RequestAborted),
                ApiJson.Instance.EndpointBody
            );
    }

    private async ValueTask<EndpointBody> ShowAsync(
        Tenant tenant,
        Core.Endpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var opened = await vault.OpenAsync(tenant.DataKey, endpoint, cancellationToken);
        return EndpointBody.Of(endpoint, opened.CurrentSecret);
    }
}
