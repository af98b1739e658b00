using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Finishes what a change of a tenant's item began: without transactions, that item is the commit,
/// and says itself what must follow. Whoever changes or reads it calls this, so that a crash in
/// between is made good. Idempotent; many at once are harmless.
/// </summary>
internal sealed class TenantFollowUp(TenantsTableCalls calls)
{
    /// <summary>Stores what is owed to a creation, then does what is owed to a deletion.</summary>
    /// <param name="tenant">The tenant's item as it was read; only it says what is owed.</param>
    /// <param name="cancellationToken">Ends it half-way, which is a crash like any other.</param>
    public async Task FinishAsync(Item tenant, CancellationToken cancellationToken)
    {
        if (tenant.TryGetValue(TenantField.Initial, out var initial))
        {
            foreach (var item in initial.L ?? [])
            {
                await AddAsync(tenant, item.M, cancellationToken);
            }

            await ClearAsync(tenant, TenantField.Initial, cancellationToken);
        }

        if (tenant.ContainsKey(TenantField.Ending))
        {
            var ended = TenantItems.ReadTenant(tenant);
            var now = ended.DeletedAt ?? ended.UpdatedAt;
            await RevokeKeysAsync(ended.Id, now, cancellationToken);
            await TombstoneEndpointsAsync(tenant, now, cancellationToken);
            await ClearAsync(tenant, TenantField.Ending, cancellationToken);
        }
    }

    // Never over what is there: another may have finished this long ago, and the key be revoked or
    // the endpoint changed since. What an erased tenant of the same id left behind is in the way only.
    private Task<bool> AddAsync(Item tenant, Item item, CancellationToken cancellationToken) =>
        item.ContainsKey(EndpointField.Incarnation)
            ? calls.TryPutAsync(
                item,
                $"attribute_not_exists(#{Pk}) OR #{EndpointField.Incarnation} <> :life",
                DynamoItem.Names(Pk, EndpointField.Incarnation),
                Life(tenant),
                cancellationToken
            )
            : calls.TryPutAsync(
                item,
                $"attribute_not_exists(#{Pk})",
                DynamoItem.Names(Pk),
                null,
                cancellationToken
            );

    private async Task RevokeKeysAsync(
        TenantId tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var key in await calls.ListAsync(KeyList(tenant), null, int.MaxValue, cancellationToken)
        )
        {
            await calls.TryUpdateAsync(
                key.Text(Pk),
                KeySk,
                ($"#{KeyField.RevokedAt} = :now", ""),
                $"attribute_exists(#{Pk}) AND attribute_not_exists(#{KeyField.RevokedAt})",
                DynamoItem.Names(Pk, KeyField.RevokedAt),
                new() { [":now"] = now.ToAttribute() },
                cancellationToken
            );
        }
    }

    // Their backlog is erased with the tenant's events, so nothing else is owed to them; and an
    // endpoint of a deleted tenant cannot be saved again to say that it was done.
    private async Task TombstoneEndpointsAsync(
        Item tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var items = await calls.QueryAsync(tenant.Text(Pk), EndpointSkPrefix, cancellationToken);
        foreach (var item in items.Where(item => TenantItems.BelongsTo(item, tenant)))
        {
            var endpoint = TenantItems.ReadEndpoint(item);
            while (endpoint is not null && !IsTombstone(endpoint))
            {
                endpoint = await TryTombstoneAsync(tenant, endpoint, now, cancellationToken)
                    ? null
                    : await ReadAgainAsync(item, cancellationToken);
            }
        }
    }

    private Task<bool> TryTombstoneAsync(
        Item tenant,
        Endpoint endpoint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var tombstone = Tombstone(endpoint, now);
        var values = Life(tenant);
        values[":version"] = endpoint.Version.ToAttribute();
        return calls.TryPutAsync(
            TenantItems.Write(tombstone, tenant.Text(TenantField.Incarnation)),
            $"#{Field.Version} = :version AND #{EndpointField.Incarnation} = :life",
            DynamoItem.Names(Field.Version, EndpointField.Incarnation),
            values,
            cancellationToken
        );
    }

    private async Task<Endpoint?> ReadAgainAsync(Item item, CancellationToken cancellationToken) =>
        await calls.GetAsync(item.Text(Pk), item.Text(Sk), cancellationToken) is { } stored
            ? TenantItems.ReadEndpoint(stored)
            : null;

    /// <summary>An endpoint as its tenant's deletion leaves it.</summary>
    public static Endpoint Tombstone(Endpoint endpoint, DateTimeOffset now) =>
        endpoint with
        {
            Version = endpoint.Version + 1,
            BacklogAction = BacklogAction.None,
            UpdatedAt = now,
            DeletedAt = endpoint.DeletedAt ?? now,
        };

    /// <summary>Whether a tenant's deletion has nothing to do to it any more.</summary>
    public static bool IsTombstone(Endpoint endpoint) =>
        endpoint is { DeletedAt: not null, BacklogAction: BacklogAction.None };

    private Task<Item?> ClearAsync(Item tenant, string what, CancellationToken cancellationToken) =>
        calls.TryUpdateAsync(
            tenant.Text(Pk),
            TenantSk,
            ("", $"#{what}"),
            $"#{TenantField.Incarnation} = :life",
            DynamoItem.Names(TenantField.Incarnation, what),
            Life(tenant),
            cancellationToken
        );

    private static Item Life(Item tenant) =>
        new(StringComparer.Ordinal)
        {
            [":life"] = tenant.Text(TenantField.Incarnation).ToAttribute(),
        };
}
