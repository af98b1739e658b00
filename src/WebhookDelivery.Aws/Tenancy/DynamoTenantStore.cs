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
internal sealed class DynamoTenantStore : ITenantStore
{
    private readonly TenantsTableCalls _calls;
    private readonly TenantFollowUp _followUp;
    private readonly EventShards _shards;

    /// <summary>Uses the given client.</summary>
    /// <param name="dynamo">Where the table is.</param>
    /// <param name="options">Which table.</param>
    /// <param name="shards">Is told of a tenant's event shards whenever a tenant is read.</param>
    public DynamoTenantStore(IAmazonDynamoDB dynamo, AwsEngineOptions options, EventShards shards)
    {
        _calls = new TenantsTableCalls(dynamo, options);
        _followUp = new TenantFollowUp(_calls);
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
        var item = endpoint is null
            ? TenantItems.Write(tenant, incarnation, TenantItems.Write(key))
            : TenantItems.Write(
                tenant,
                incarnation,
                TenantItems.Write(key),
                TenantItems.Write(endpoint, incarnation)
            );
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
        var items = await _calls.QueryAsync(TenantPk(tenant), "", cancellationToken);
        if (FindTenant(items) is not { } item)
        {
            return null;
        }

        if (TenantItems.IsUnfinished(item))
        {
            await _followUp.FinishAsync(item, cancellationToken);
            return await LoadAsync(tenant, cancellationToken);
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
        var endpoints = await _calls.QueryAsync(
            TenantPk(tenant),
            EndpointSkPrefix,
            cancellationToken
        );
        foreach (var each in keys.Concat(endpoints))
        {
            var (pk, sk) = (each.Text(Pk), each.Text(Sk));
            await _calls.DeleteAsync(pk, sk, null, null, null, cancellationToken);
        }

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

    /// <inheritdoc/>
    public async ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    )
    {
        // The tenant first: what it owed is then done before its endpoint is read.
        if (await FindTenantAsync(key.TenantId, cancellationToken) is not { } tenant)
        {
            return null;
        }

        var item = await _calls.GetAsync(
            TenantPk(key.TenantId),
            EndpointSk(key.EndpointId),
            cancellationToken
        );
        if (item is null || !TenantItems.BelongsTo(item, tenant))
        {
            return null;
        }

        // One that was saved while its tenant was being deleted can have missed its tombstone.
        var endpoint = TenantItems.ReadEndpoint(item);
        return
            tenant.TimeOrNull(Field.DeletedAt) is { } deletedAt
            && !TenantFollowUp.IsTombstone(endpoint)
            ? TenantFollowUp.Tombstone(endpoint, deletedAt)
            : endpoint;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveEndpointAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var tenant = await FindTenantAsync(endpoint.Key.TenantId, cancellationToken);
        if (tenant is null || tenant.ContainsKey(Field.DeletedAt))
        {
            await ForgiveBacklogAsync(endpoint.Key, cancellationToken);
            return false;
        }

        Item values = new(StringComparer.Ordinal) { [":life"] = tenant[TenantField.Incarnation] };
        var item = TenantItems.Write(endpoint, tenant.Text(TenantField.Incarnation));
        if (endpoint.Version == 1)
        {
            return await _calls.TryPutAsync(
                item,
                $"attribute_not_exists(#{Field.Version}) OR #{EndpointField.Incarnation} <> :life",
                DynamoItem.Names(Field.Version, EndpointField.Incarnation),
                values,
                cancellationToken
            );
        }

        values[":seen"] = (endpoint.Version - 1).ToAttribute();
        return await _calls.TryPutAsync(
            item,
            $"#{Field.Version} = :seen AND #{EndpointField.Incarnation} = :life AND {IsFailingSince(endpoint.FailingSince, values)}",
            DynamoItem.Names(Field.Version, EndpointField.Incarnation, EndpointField.FailingSince),
            values,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetFailingSinceAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken
    )
    {
        Item values = new(StringComparer.Ordinal);
        var isAsSeen = IsFailingSince(from, values);
        if (to is { } since)
        {
            values[":to"] = since.ToAttribute();
        }

        var updated = await _calls.TryUpdateAsync(
            TenantPk(key.TenantId),
            EndpointSk(key.EndpointId),
            to is null
                ? ("", $"#{EndpointField.FailingSince}")
                : ($"#{EndpointField.FailingSince} = :to", ""),
            $"attribute_exists(#{Field.Version}) AND attribute_not_exists(#{Field.DeletedAt}) AND {isAsSeen}",
            DynamoItem.Names(Field.Version, Field.DeletedAt, EndpointField.FailingSince),
            values,
            cancellationToken
        );
        return updated is not null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = await _calls.ListAsync(BacklogList, null, limit, cancellationToken);
        return items.ConvertAll(TenantItems.ReadEndpoint);
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

    // Saved while its tenant was being deleted, it missed its tombstone; nothing else would ever
    // take it off the list.
    private Task<Item?> ForgiveBacklogAsync(EndpointKey key, CancellationToken cancellationToken) =>
        _calls.TryUpdateAsync(
            TenantPk(key.TenantId),
            EndpointSk(key.EndpointId),
            ("", $"#{EndpointField.BacklogAction}, #{ListKey}, #{ListSort}"),
            $"attribute_exists(#{ListKey})",
            DynamoItem.Names(EndpointField.BacklogAction, ListKey, ListSort),
            [],
            cancellationToken
        );

    /// <summary>The condition that an endpoint is stored as failing since then, its value added.</summary>
    private static string IsFailingSince(DateTimeOffset? since, Item values)
    {
        if (since is not { } then)
        {
            return $"attribute_not_exists(#{EndpointField.FailingSince})";
        }

        values[":failing"] = then.ToAttribute();
        return $"#{EndpointField.FailingSince} = :failing";
    }

    private static Item? FindTenant(List<Item> items) =>
        items.Find(item => item.Text(Sk) == TenantSk);

    private static TenantSnapshot ReadSnapshot(List<Item> items, Item tenant)
    {
        var live = new List<Endpoint>();
        var deleted = 0;
        var revision = 1L;
        foreach (var item in items)
        {
            if (item == tenant || !TenantItems.BelongsTo(item, tenant))
            {
                continue;
            }

            revision += item.Int64(Field.Version);
            if (!item.ContainsKey(Field.DeletedAt) && !tenant.ContainsKey(Field.DeletedAt))
            {
                live.Add(TenantItems.ReadEndpoint(item));
            }
            else
            {
                deleted++;
            }
        }

        return new TenantSnapshot(TenantItems.ReadTenant(tenant), live, revision)
        {
            DeletedEndpoints = deleted,
        };
    }
}
