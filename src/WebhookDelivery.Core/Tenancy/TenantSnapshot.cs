namespace WebhookDelivery.Core;

/// <summary>A tenant with its live endpoints, read at one moment: what routing works on.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Endpoints">Every endpoint that is not deleted, disabled ones included, by id.</param>
/// <param name="RoutingRevision">
/// Grows by at least one with every change of an endpoint; stored on each event, to explain its routing.
/// </param>
public sealed record TenantSnapshot(
    Tenant Tenant,
    IReadOnlyList<Endpoint> Endpoints,
    long RoutingRevision
)
{
    /// <summary>How many of its endpoints are deleted; their tombstones stay as long as the tenant.</summary>
    public int DeletedEndpoints { get; init; }
}
