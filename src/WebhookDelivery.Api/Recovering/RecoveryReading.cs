using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>GET /endpoints/{endpoint_id}/recoveries, and GET and DELETE of one of them.</summary>
internal sealed class RecoveryReading(RecoveryAdministration administration, ITenantStore tenants)
{
    public async ValueTask<IResult> ListAsync(HttpContext context, TenantId tenant)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Limit();
        var known = EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id);
        var binding = Cursor.Bind(tenant.Value, $"recoveries {id}", query.Filters);
        var before = query.Cursor(binding, Cursor.IdBytes);
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        // Of a deleted endpoint as well: what was recovered then is still of interest.
        var endpoint = new EndpointKey(tenant, id);
        if (!known || await tenants.FindEndpointAsync(endpoint, context.RequestAborted) is null)
        {
            return Problems.NoEndpoint;
        }

        var found = await administration.ListAsync(
            endpoint,
            before is null ? null : RecoveryId.FromBytes(before),
            limit + 1,
            context.RequestAborted
        );
        var (page, more) = Pages.Take(found, limit);
        return Pages.Answer(
            [.. page.Select(RecoveryBody.Of)],
            more ? binding.Write(Position(page[^1].Id)) : null,
            ApiJson.Instance.PageBodyRecoveryBody
        );
    }

    public async ValueTask<IResult> FindAsync(HttpContext context, TenantId tenant) =>
        TryRead(context, tenant, out var endpoint, out var id)
        && await administration.FindAsync(endpoint, id, context.RequestAborted) is { } recovery
            ? Answer(recovery)
            : Problems.NoRecovery;

    public async ValueTask<IResult> StopAsync(HttpContext context, TenantId tenant)
    {
        if (!TryRead(context, tenant, out var endpoint, out var id))
        {
            return Problems.NoRecovery;
        }

        return await administration.StopAsync(endpoint, id, CancellationToken.None) switch
        {
            RecoveryStop.Stopped { Recovery: var recovery } => Answer(recovery),
            RecoveryStop.IsResume => new Problem(
                ErrorCodes.RecoveryNotStoppable,
                "It resumes what was parked, so that nothing stays behind. Disable the endpoint to stop it."
            ),
            _ => Problems.NoRecovery,
        };
    }

    private static JsonAnswer<RecoveryBody> Answer(Recovery recovery) =>
        new(StatusCodes.Status200OK, RecoveryBody.Of(recovery), ApiJson.Instance.RecoveryBody);

    private static bool TryRead(
        HttpContext context,
        TenantId tenant,
        out EndpointKey endpoint,
        out RecoveryId id
    )
    {
        var known = EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var of);
        endpoint = new EndpointKey(tenant, of);
        return RecoveryId.TryParse(RouteIds.Text(context, RouteIds.Recovery), out id) && known;
    }

    private static byte[] Position(RecoveryId id)
    {
        var bytes = new byte[Cursor.IdBytes];
        id.WriteBytes(bytes);
        return bytes;
    }
}
