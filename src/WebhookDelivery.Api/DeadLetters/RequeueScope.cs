using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Finds what a requeue names, so that a mistyped id is told from a tenant or an endpoint without
/// dead letters. Deleted endpoints count: the dead letters that they left can still be named.
/// </summary>
internal sealed class RequeueScope(ITenantStore store)
{
    private const int PageSize = 200;

    /// <summary>The tenant to keep to, null for all; or why there is nothing to requeue.</summary>
    /// <param name="wanted">What is asked for; valid already.</param>
    /// <param name="caller">The tenant that asks; null for an operator.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async ValueTask<(TenantId? Tenant, Problem? Refusal)> FindAsync(
        RequeueFields wanted,
        TenantId? caller,
        CancellationToken cancellationToken
    )
    {
        var tenant = caller;
        if (tenant is null && TenantId.TryParse(wanted.TenantId.Value, out var named))
        {
            if (await store.LoadAsync(named, cancellationToken) is not { Tenant.DeletedAt: null })
            {
                return (null, Problems.NoTenant);
            }

            tenant = named;
        }

        if (wanted.EndpointId.Value is not { } endpoint)
        {
            return (tenant, null);
        }

        var owner = tenant is { } only
            ? (await HasAsync(only, endpoint, cancellationToken) ? only : default(TenantId?))
            : await FindOwnerAsync(endpoint, cancellationToken);
        return owner is null ? (null, Problems.NoEndpoint) : (owner, null);
    }

    /// <summary>
    /// Asks for each tenant in turn: a read per tenant, which only operators may cause and which a
    /// requeue over all tenants costs as well.
    /// </summary>
    private async ValueTask<TenantId?> FindOwnerAsync(
        EndpointId endpoint,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Tenant> page;
        TenantId? after = null;
        do
        {
            page = await store.ListAsync(after, PageSize, cancellationToken);
            foreach (var each in page.Where(each => each.DeletedAt is null))
            {
                if (await HasAsync(each.Id, endpoint, cancellationToken))
                {
                    return each.Id;
                }
            }

            after = page.Count == 0 ? null : page[^1].Id;
        } while (page.Count == PageSize);

        return null;
    }

    private async ValueTask<bool> HasAsync(
        TenantId tenant,
        EndpointId endpoint,
        CancellationToken cancellationToken
    ) =>
        await store.FindEndpointAsync(new EndpointKey(tenant, endpoint), cancellationToken)
            is not null;
}
