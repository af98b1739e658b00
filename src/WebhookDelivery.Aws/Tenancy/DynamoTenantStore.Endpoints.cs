using WebhookDelivery.Core;
using static WebhookDelivery.Aws.TenantsTable;
using Item = System.Collections.Generic.Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>;

namespace WebhookDelivery.Aws;

/// <summary>Endpoints, what they were, and what their backlogs are owed.</summary>
internal sealed partial class DynamoTenantStore
{
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
        if (!await _externalIds.ExistsAsync(endpoint, cancellationToken))
        {
            return null;
        }

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
        var (tenant, items) = await ReadAsync(endpoint.Key.TenantId, cancellationToken);
        if (tenant is null || tenant.ContainsKey(Field.DeletedAt))
        {
            await ForgiveBacklogAsync(endpoint.Key, cancellationToken);
            return false;
        }

        var revision = RevisionOf(EndpointsOf(items, tenant)) + 1;
        long? firstRevision = revision;
        Item values = new(StringComparer.Ordinal) { [":life"] = tenant[TenantField.Incarnation] };
        if (endpoint.Version > 1)
        {
            var stored = items.Find(item =>
                item.Text(Sk) == EndpointSk(endpoint.Key.EndpointId)
                && TenantItems.BelongsTo(item, tenant)
            );
            if (
                stored?.Int32(Field.Version) != endpoint.Version - 1
                || stored.TimeOrNull(EndpointField.FailingSince) != endpoint.FailingSince
            )
            {
                return false;
            }

            firstRevision = stored.Int64OrNull(EndpointField.FirstRevision);
            values[":seen"] = (endpoint.Version - 1).ToAttribute();
            await _versions.KeepAsync(tenant, stored, endpoint, cancellationToken);
        }

        var names = DynamoItem.Names(Field.Version, EndpointField.Incarnation);
        var condition =
            $"attribute_not_exists(#{Field.Version}) OR #{EndpointField.Incarnation} <> :life";
        if (endpoint.Version > 1)
        {
            names[$"#{EndpointField.FailingSince}"] = EndpointField.FailingSince;
            condition =
                $"#{Field.Version} = :seen AND #{EndpointField.Incarnation} = :life AND {IsFailingSince(endpoint.FailingSince, values)}";
        }

        var saved = await _calls.TryPutAsync(
            TenantItems.Write(
                endpoint,
                tenant.Text(TenantField.Incarnation),
                revision,
                firstRevision
            ),
            condition,
            names,
            values,
            cancellationToken
        );
        if (saved && endpoint.Version > 1)
        {
            await _versions.PruneAsync(tenant, endpoint, cancellationToken);
        }

        return saved
            && (endpoint.Version > 1 || await NameAsync(endpoint, tenant, cancellationToken));
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
    public async ValueTask<IReadOnlyList<EndpointVersion>> ListEndpointVersionsAsync(
        TenantId tenant,
        long atRevision,
        CancellationToken cancellationToken
    )
    {
        var (owner, items) = await ReadAsync(tenant, cancellationToken);
        return owner is null
            ? []
            : await _versions.ListAsync(
                owner,
                EndpointsOf(items, owner),
                atRevision,
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReplaceBacklogActionAsync(
        EndpointKey key,
        int version,
        BacklogAction seen,
        BacklogAction next,
        CancellationToken cancellationToken
    )
    {
        var names = DynamoItem.Names(Field.Version, EndpointField.BacklogAction);
        Item values = new(StringComparer.Ordinal) { [":version"] = version.ToAttribute() };
        if (seen != BacklogAction.None)
        {
            values[":seen"] = ((int)seen).ToAttribute();
        }

        // On the list while it owes something, and off it when it does not.
        names["#key"] = ListKey;
        names["#sort"] = ListSort;
        var update = ("", $"#{EndpointField.BacklogAction}, #key, #sort");
        if (next != BacklogAction.None)
        {
            values[":next"] = ((int)next).ToAttribute();
            values[":list"] = BacklogList.ToAttribute();
            values[":sort"] = BacklogSort(key, next).ToAttribute();
            update = ($"#{EndpointField.BacklogAction} = :next, #key = :list, #sort = :sort", "");
        }

        var owes =
            seen == BacklogAction.None
                ? $"attribute_not_exists(#{EndpointField.BacklogAction})"
                : $"#{EndpointField.BacklogAction} = :seen";
        return await _calls.TryUpdateAsync(
            TenantPk(key.TenantId),
            EndpointSk(key.EndpointId),
            update,
            $"#{Field.Version} = :version AND {owes}",
            names,
            values,
            cancellationToken
        )
            is not null;
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

    /// <summary>Gives a new endpoint its external id, if it wants one; without it, it is taken away again.</summary>
    private async Task<bool> NameAsync(
        Endpoint endpoint,
        Item tenant,
        CancellationToken cancellationToken
    )
    {
        if (await _externalIds.TryClaimAsync(endpoint, tenant, cancellationToken))
        {
            return true;
        }

        await _calls.DeleteAsync(
            TenantPk(endpoint.Key.TenantId),
            EndpointSk(endpoint.Key.EndpointId),
            null,
            null,
            null,
            cancellationToken
        );
        return false;
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
}
