namespace WebhookDelivery.Core;

/// <summary>Creates, changes and deletes tenants and their API keys: the operator's side. Thread-safe.</summary>
public sealed class TenantAdministration(
    ITenantStore store,
    TenantDirectory directory,
    EndpointAdministration endpoints,
    ISecretProtector protector,
    TimeProvider time,
    BacklogSignal backlog,
    TenantOptions options
)
{
    /// <summary>Creates a tenant with its first API key and, if asked for, its first endpoint.</summary>
    public async ValueTask<TenantCreation> CreateAsync(
        TenantDraft draft,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var wrapped = await protector.CreateDataKeyAsync(draft.Id, cancellationToken);
        var tenant = new Tenant
        {
            Id = draft.Id,
            Version = 1,
            Name = draft.Name,
            DataKey = new TenantDataKey(draft.Id, wrapped),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (text, key) = ApiKeyToken.Create(ApiKeyRole.Tenant, draft.Id, null, now);
        var built = draft.Endpoint is null
            ? default
            : await endpoints.BuildAsync(tenant.DataKey, draft.Endpoint, now, cancellationToken);
        if (!await store.CreateAsync(tenant, key, built.Endpoint, cancellationToken))
        {
            return new TenantCreation.IdInUse();
        }

        directory.Forget(draft.Id);
        return new TenantCreation.Created(tenant, text, built.Endpoint, built.Secret);
    }

    /// <summary>Changes a tenant's name; null if there is no such tenant.</summary>
    public ValueTask<Tenant?> RenameAsync(
        TenantId id,
        string? name,
        CancellationToken cancellationToken
    ) => ChangeAsync(id, (tenant, _) => tenant with { Name = name }, cancellationToken);

    /// <summary>
    /// Deletes a tenant: its keys and endpoints are dead when this returns, its data is erased in the
    /// background. False if there is no such tenant.
    /// </summary>
    public async ValueTask<bool> DeleteAsync(TenantId id, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAsync(
            id,
            (tenant, now) => tenant with { DeletedAt = now },
            cancellationToken
        );
        if (deleted is not null)
        {
            foreach (var key in await store.ListApiKeysAsync(id, cancellationToken))
            {
                directory.ForgetApiKey(key.Id);
            }

            backlog.Raise();
        }

        return deleted is not null;
    }

    /// <summary>
    /// Makes a further API key. Two that are made at the same moment may together be one more than the
    /// limit.
    /// </summary>
    public async ValueTask<ApiKeyCreation> CreateApiKeyAsync(
        TenantId id,
        string? description,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(id, cancellationToken) is not { } tenant)
        {
            return new ApiKeyCreation.NoTenant();
        }

        var keys = await store.ListApiKeysAsync(id, cancellationToken);
        if (keys.Count(key => key.RevokedAt is null) >= options.ApiKeysMax)
        {
            return new ApiKeyCreation.LimitReached(options.ApiKeysMax);
        }

        // By a clock that was set back, or that of another machine, it would be older than its tenant:
        // no good, as one of an erased tenant that had the same id.
        var now = time.GetUtcNow();
        var createdAt = now < tenant.CreatedAt ? tenant.CreatedAt : now;
        var (text, key) = ApiKeyToken.Create(ApiKeyRole.Tenant, id, description, createdAt);
        await store.SaveApiKeyAsync(key, cancellationToken);
        return new ApiKeyCreation.Created(text, key);
    }

    /// <summary>Revokes a tenant's key, at once in this process; false if the tenant has no such key.</summary>
    public async ValueTask<bool> RevokeApiKeyAsync(
        TenantId id,
        string keyId,
        CancellationToken cancellationToken
    )
    {
        var key = await store.FindApiKeyAsync(keyId, cancellationToken);
        if (key is null || key.TenantId != id)
        {
            return false;
        }

        try
        {
            if (key.RevokedAt is null)
            {
                var revoked = key with { RevokedAt = time.GetUtcNow() };
                await store.SaveApiKeyAsync(revoked, cancellationToken);
            }
        }
        finally
        {
            // Also where a call that failed, this one or one before, revoked it all the same.
            directory.ForgetApiKey(keyId);
        }

        return true;
    }

    /// <summary>The tenant; null if there is none or it is deleted.</summary>
    public async ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken) =>
        await store.LoadAsync(id, cancellationToken) is { Tenant: { DeletedAt: null } tenant }
            ? tenant
            : null;

    private async ValueTask<Tenant?> ChangeAsync(
        TenantId id,
        Func<Tenant, DateTimeOffset, Tenant> change,
        CancellationToken cancellationToken
    )
    {
        while (await FindAsync(id, cancellationToken) is { } tenant)
        {
            var now = time.GetUtcNow();
            var changed = change(tenant, now) with
            {
                Version = tenant.Version + 1,
                UpdatedAt = now,
            };
            try
            {
                if (await store.SaveAsync(changed, cancellationToken))
                {
                    return changed;
                }
            }
            finally
            {
                // Also where the call failed: it may have been stored all the same.
                directory.Forget(id);
            }
        }

        return null;
    }
}
