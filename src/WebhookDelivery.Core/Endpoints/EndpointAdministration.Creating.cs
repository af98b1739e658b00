using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>Creates endpoints, as far as a tenant may have more.</summary>
public sealed partial class EndpointAdministration
{
    /// <summary>Adds an endpoint to a tenant.</summary>
    public async ValueTask<EndpointResult> CreateAsync(
        TenantId tenant,
        EndpointDraft draft,
        CancellationToken cancellationToken
    )
    {
        await _creating.WaitAsync(cancellationToken);
        try
        {
            return await CreateAloneAsync(tenant, draft, cancellationToken);
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Why a tenant can have no further endpoint; null if it can.</summary>
    public async ValueTask<EndpointResult?> FindLimitAsync(
        TenantSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        if (snapshot.Endpoints.Count >= options.EndpointsPerTenantMax)
        {
            return new EndpointResult.LimitReached(options.EndpointsPerTenantMax);
        }

        // Few tenants ever delete so many; only of those it matters when they did.
        if (snapshot.DeletedEndpoints < options.DeletedPerTenantMax)
        {
            return null;
        }

        var deleted = await store.CountDeletedEndpointsAsync(
            snapshot.Tenant.Id,
            time.GetUtcNow() - options.DeletedCountFor,
            cancellationToken
        );
        return deleted < options.DeletedPerTenantMax
            ? null
            : new EndpointResult.TooManyDeleted(
                options.DeletedPerTenantMax,
                options.DeletedCountFor
            );
    }

    private async ValueTask<EndpointResult> CreateAloneAsync(
        TenantId tenant,
        EndpointDraft draft,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await store.LoadAsync(tenant, cancellationToken);
        if (snapshot is null || snapshot.Tenant.DeletedAt is not null)
        {
            return new EndpointResult.NotFound();
        }

        if (await FindLimitAsync(snapshot, cancellationToken) is { } reached)
        {
            return reached;
        }

        if (Holds(snapshot, draft.ExternalId))
        {
            return new EndpointResult.ExternalIdInUse();
        }

        var (endpoint, secret) = await BuildAsync(
            snapshot.Tenant.DataKey,
            draft,
            time.GetUtcNow(),
            cancellationToken
        );
        if (await SaveAsync(endpoint, cancellationToken))
        {
            return new EndpointResult.Done(endpoint, secret);
        }

        // Another process may have taken the external id since, or the tenant been deleted.
        snapshot = await store.LoadAsync(tenant, cancellationToken);
        return snapshot is { Tenant.DeletedAt: null } && draft.ExternalId is not null
            ? new EndpointResult.ExternalIdInUse()
            : new EndpointResult.NotFound();
    }

    private static bool Holds(TenantSnapshot snapshot, string? externalId) =>
        externalId is not null && snapshot.Endpoints.Any(each => each.ExternalId == externalId);

    /// <summary>Makes a version 1 endpoint of a draft, sealed, without storing it.</summary>
    public async ValueTask<(Endpoint Endpoint, SigningSecret Secret)> BuildAsync(
        TenantDataKey dataKey,
        EndpointDraft draft,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var key = new EndpointKey(dataKey.TenantId, new EndpointId(ids.NewId(now)));
        var secret = draft.Secret ?? SigningSecret.Generate();
        var sealedSecret = await vault.SealSecretAsync(dataKey, key, 1, secret, cancellationToken);
        var endpoint = new Endpoint
        {
            Key = key,
            Version = 1,
            Url = draft.Url,
            Description = draft.Description,
            ExternalId = draft.ExternalId,
            Metadata = draft.Metadata,
            Operational = draft.Operational,
            EventTypes = draft.EventTypes,
            Filter = draft.Filter,
            Headers = await SealAsync(dataKey, key, 1, draft.Headers, cancellationToken),
            Secrets = [new EndpointSecret(sealedSecret, null)],
            RetrySchedule = draft.RetrySchedule,
            Timeout = draft.Timeout,
            RateLimitPerSecond = draft.RateLimitPerSecond,
            MaxInFlight = draft.MaxInFlight,
            Disabled = draft.Disabled,
            DisabledAt = draft.Disabled ? now : null,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return (endpoint, secret);
    }
}
