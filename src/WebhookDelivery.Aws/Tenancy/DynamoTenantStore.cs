using Amazon.DynamoDBv2;
using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>
/// Tenants, API keys and endpoints in `{prefix}-Tenants`. What is read by its key is as it was last
/// written; lists are of an index, and may be a moment behind. A tenant's routing revision is one
/// more than the versions of all its endpoints together: every change adds one to it, and no count
/// of its own must be written.
/// </summary>
internal sealed partial class DynamoTenantStore : ITenantStore
{
    /// <summary>The routing revision of a tenant that never had an endpoint.</summary>
    private const long NoEndpointsRevision = 1;

    private readonly TenantsTableCalls _calls;
    private readonly TenantFollowUp _followUp;
    private readonly EndpointVersions _versions;
    private readonly ExternalIdClaims _externalIds;
    private readonly EventShards _shards;

    /// <summary>Uses the given client.</summary>
    /// <param name="dynamo">Where the table is.</param>
    /// <param name="options">Which table.</param>
    /// <param name="shards">Is told of a tenant's event shards whenever a tenant is read.</param>
    public DynamoTenantStore(IAmazonDynamoDB dynamo, AwsEngineOptions options, EventShards shards)
    {
        _calls = new TenantsTableCalls(dynamo, options);
        _followUp = new TenantFollowUp(_calls);
        _versions = new EndpointVersions(_calls, options);
        _externalIds = new ExternalIdClaims(_calls);
        _shards = shards;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    )
    {
        var incarnation = TenantItems.NewStamp();
        const long first = NoEndpointsRevision + 1;
        List<Item> initial = [TenantItems.Write(key)];
        if (endpoint is not null)
        {
            initial.Add(TenantItems.Write(endpoint, incarnation, first, first));
            if (ExternalIdClaims.Write(endpoint, incarnation) is { } claim)
            {
                initial.Add(claim);
            }
        }

        var item = TenantItems.Write(tenant, incarnation, [.. initial]);
        var created = await _calls.TryPutAsync(
            item,
            $"attribute_not_exists(#{Pk})",
            DynamoItem.Names(Pk),
            null,
            cancellationToken
        );
        if (created)
        {
            await _followUp.FinishAsync(item, cancellationToken);
        }

        return created;
    }

    /// <inheritdoc/>
    public async ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var (item, items) = await ReadAsync(tenant, cancellationToken);
        if (item is null)
        {
            return null;
        }

        _shards.Put(tenant, ShardHistory.Parse(item.TextOrNull(TenantField.Shards)));
        return ReadSnapshot(items, item);
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountDeletedEndpointsAsync(
        TenantId tenant,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.QueryAsync(TenantPk(tenant), "", cancellationToken);
        return FindTenant(items) is { } owner
            ? items.Count(item =>
                item != owner
                && TenantItems.BelongsTo(item, owner)
                && item.TimeOrNull(Field.DeletedAt) >= since
            )
            : 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.ListAsync(TenantList, after?.Value, limit, cancellationToken);
        return items.ConvertAll(TenantItems.ReadTenant);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var (update, names, values) = TenantUpdate.Of(tenant);
        names[$"#{Field.Version}"] = Field.Version;
        values[":seen"] = (tenant.Version - 1).ToAttribute();
        var saved = await _calls.TryUpdateAsync(
            TenantPk(tenant.Id),
            TenantSk,
            update,
            $"#{Field.Version} = :seen",
            names,
            values,
            cancellationToken
        );
        if (saved is not null && TenantItems.IsUnfinished(saved))
        {
            await _followUp.FinishAsync(saved, cancellationToken);
        }

        return saved is not null;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplaceDataKeysAsync(
        IReadOnlyList<DataKeyReplacement> replacements,
        CancellationToken cancellationToken
    )
    {
        var replaced = 0;
        foreach (var (seen, wrapped) in replacements)
        {
            var updated = await _calls.TryUpdateAsync(
                TenantPk(seen.TenantId),
                TenantSk,
                (
                    $"#{TenantField.DataKey} = :wrapped, #{Field.Version} = #{Field.Version} + :one",
                    ""
                ),
                $"#{TenantField.DataKey} = :seen",
                DynamoItem.Names(TenantField.DataKey, Field.Version),
                new()
                {
                    [":wrapped"] = wrapped.ToAttribute(),
                    [":one"] = 1.ToAttribute(),
                    [":seen"] = seen.Wrapped.ToAttribute(),
                },
                cancellationToken
            );
            replaced += updated is null ? 0 : 1;
        }

        return replaced;
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var item = await FindTenantAsync(tenant, cancellationToken);
        if (item is null || !item.ContainsKey(Field.DeletedAt))
        {
            return;
        }

        var keys = await _calls.ListAsync(KeyList(tenant), null, int.MaxValue, cancellationToken);
        var others = await _calls.QueryAsync(TenantPk(tenant), "", cancellationToken);
        var recoveries = await _calls.QueryAsync(RecoveryPk(tenant), "", cancellationToken);
        foreach (
            var each in keys.Concat(others.Where(each => each.Text(Sk) != TenantSk))
                .Concat(recoveries)
        )
        {
            var (pk, sk) = (each.Text(Pk), each.Text(Sk));
            await _calls.DeleteAsync(pk, sk, null, null, null, cancellationToken);
        }

        await _versions.RemoveAsync(item, cancellationToken);

        // Last: while it is there, the id is in use, and whoever comes next begins again.
        await _calls.DeleteAsync(
            TenantPk(tenant),
            TenantSk,
            $"#{TenantField.Incarnation} = :life",
            DynamoItem.Names(TenantField.Incarnation),
            new() { [":life"] = item[TenantField.Incarnation] },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask<ApiKey?> FindApiKeyAsync(
        string keyId,
        CancellationToken cancellationToken
    ) =>
        await _calls.GetAsync(KeyPk(keyId), KeySk, cancellationToken) is { } item
            ? TenantItems.ReadKey(item)
            : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.ListAsync(KeyList(tenant), null, int.MaxValue, cancellationToken);
        return items.ConvertAll(TenantItems.ReadKey);
    }

    /// <inheritdoc/>
    public async ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        await _calls.PutAsync(TenantItems.Write(key), cancellationToken);

    /// <summary>
    /// A tenant's items, with nothing owed to any of them; of a tenant that is not there null, and what an
    /// erased one of the same id left behind.
    /// </summary>
    private async Task<(Item? Tenant, List<Item> Items)> ReadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var items = await _calls.QueryAsync(TenantPk(tenant), "", cancellationToken);
            var item = FindTenant(items);
            if (item is null || !TenantItems.IsUnfinished(item))
            {
                return (item, items);
            }

            await _followUp.FinishAsync(item, cancellationToken);
        }
    }

    /// <summary>The tenant's item, with nothing owed to it any more; null if there is none.</summary>
    private async Task<Item?> FindTenantAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var item = await _calls.GetAsync(TenantPk(tenant), TenantSk, cancellationToken);
            if (item is null || !TenantItems.IsUnfinished(item))
            {
                return item;
            }

            await _followUp.FinishAsync(item, cancellationToken);
        }
    }

    private static Item? FindTenant(List<Item> items) =>
        items.Find(item => item.Text(Sk) == TenantSk);

    private static TenantSnapshot ReadSnapshot(List<Item> items, Item tenant)
    {
        var endpoints = EndpointsOf(items, tenant);
        var deleted = tenant.ContainsKey(Field.DeletedAt)
            ? endpoints.Count
            : endpoints.Count(item => item.ContainsKey(Field.DeletedAt));
        var live =
            deleted == endpoints.Count
                ? []
                : endpoints
                    .Where(item => !item.ContainsKey(Field.DeletedAt))
                    .Select(TenantItems.ReadEndpoint)
                    .ToList();
        return new TenantSnapshot(TenantItems.ReadTenant(tenant), live, RevisionOf(endpoints))
        {
            DeletedEndpoints = deleted,
        };
    }

    /// <summary>
    /// The items of a tenant's endpoints, tombstones included. One that is still waiting for its external
    /// id does not exist yet.
    /// </summary>
    private static List<Item> EndpointsOf(List<Item> items, Item tenant)
    {
        var holders = ExternalIdClaims.Holders(items, tenant);
        return items.FindAll(item =>
            item != tenant
            && !ExternalIdClaims.IsClaim(item)
            && TenantItems.BelongsTo(item, tenant)
            && (
                item.ContainsKey(Field.DeletedAt)
                || ExternalIdClaims.Exists(TenantItems.ReadEndpoint(item), holders)
            )
        );
    }

    private static long RevisionOf(List<Item> endpoints) =>
        NoEndpointsRevision + endpoints.Sum(item => item.Int64(Field.Version));
}
