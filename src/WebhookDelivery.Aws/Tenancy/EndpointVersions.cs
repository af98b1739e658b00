using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// What endpoints were: an item per superseded version, in a partition of the tenant's own, and the
/// revision that each version came with.
/// </summary>
/// <remarks>
/// Whoever saves an endpoint reads the tenant's endpoints first: the revision is one more than what it
/// finds. Two that save different endpoints at the same moment may find the same, and then the two
/// versions have one revision, the lower of the two that the tenant has passed through. An event that
/// was accepted by what was read between the two writes is explained as if both had been in force.
/// </remarks>
internal sealed class EndpointVersions(TenantsTableCalls calls, AwsEngineOptions options)
{
    /// <summary>How many endpoints' past is asked for at once.</summary>
    private const int ReadsAtOnce = 16;

    /// <summary>
    /// Writes down what is stored of an endpoint, which the given version is about to replace. Idempotent:
    /// if that fails, it stands there until something else takes its place.
    /// </summary>
    public async Task KeepAsync(
        Item tenant,
        Item stored,
        Endpoint next,
        CancellationToken cancellationToken
    )
    {
        var life = tenant.Text(TenantField.Incarnation);
        var before = TenantItems.ReadVersion(stored);
        await calls.PutAsync(
            TenantItems.WriteSuperseded(
                before,
                life,
                (next.UpdatedAt + Lifetimes.Kept(options.Retention)).ToUnixTimeSeconds()
            ),
            cancellationToken
        );
    }

    /// <summary>Deletes what is too much to keep of an endpoint that was saved.</summary>
    /// <param name="tenant">The tenant's item.</param>
    /// <param name="saved">The endpoint.</param>
    /// <param name="cancellationToken">Ends it half-way; the next change goes on.</param>
    public async Task PruneAsync(Item tenant, Endpoint saved, CancellationToken cancellationToken)
    {
        if (saved.Version <= EndpointVersion.SupersededMax + 1)
        {
            return;
        }

        try
        {
            var life = tenant.Text(TenantField.Incarnation);
            await PruneAsync(saved.Key, life, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The endpoint is saved, which must not look as if it were not; the next change goes on.
        }
    }

    /// <summary>What a tenant's endpoints are, and were at a revision; see the port.</summary>
    /// <param name="tenant">The tenant's item.</param>
    /// <param name="endpoints">Its endpoints' items, by id.</param>
    /// <param name="atRevision">The revision.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<EndpointVersion>> ListAsync(
        Item tenant,
        IEnumerable<Item> endpoints,
        long atRevision,
        CancellationToken cancellationToken
    )
    {
        var life = tenant.Text(TenantField.Incarnation);
        var found = new List<EndpointVersion>();
        foreach (var chunk in endpoints.Select(TenantItems.ReadVersion).Chunk(ReadsAtOnce))
        {
            var before = await Task.WhenAll(
                chunk.Select(newest => ThenAsync(newest, life, atRevision, cancellationToken))
            );
            foreach (var (then, newest) in before.Zip(chunk))
            {
                found.AddRange(then is null ? [newest] : [then, newest]);
            }
        }

        return found;
    }

    /// <summary>Deletes all that is kept of a tenant's endpoints.</summary>
    public async Task RemoveAsync(Item tenant, CancellationToken cancellationToken)
    {
        var pk = VersionsPk(
            TenantItems.ReadTenant(tenant).Id,
            tenant.Text(TenantField.Incarnation)
        );
        foreach (var each in await calls.QueryAsync(pk, "", cancellationToken))
        {
            await calls.DeleteAsync(pk, each.Text(Sk), null, null, null, cancellationToken);
        }
    }

    private async Task<EndpointVersion?> ThenAsync(
        EndpointVersion newest,
        string life,
        long atRevision,
        CancellationToken cancellationToken
    )
    {
        // One that is known to have come later than that has no past there.
        if (newest.Revision <= atRevision || newest.FirstRevision > atRevision)
        {
            return null;
        }

        var key = newest.Endpoint.Key;
        var item = await calls.LastAsync(
            VersionsPk(key.TenantId, life),
            VersionSk(key.EndpointId, 0),
            VersionSk(key.EndpointId, atRevision),
            cancellationToken
        );
        return item is null ? null : TenantItems.ReadVersion(item);
    }

    private async Task PruneAsync(EndpointKey key, string life, CancellationToken cancellationToken)
    {
        var pk = VersionsPk(key.TenantId, life);
        var kept = await calls.QueryKeysAsync(
            pk,
            VersionSkPrefix(key.EndpointId),
            cancellationToken
        );
        foreach (var each in kept.SkipLast(EndpointVersion.SupersededMax))
        {
            await calls.DeleteAsync(pk, each.Text(Sk), null, null, null, cancellationToken);
        }
    }
}
