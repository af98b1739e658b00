namespace WebhookDelivery.Core;

/// <summary>Creates endpoints or replaces all of them that can be, whichever it takes.</summary>
public sealed partial class EndpointAdministration
{
    /// <summary>
    /// Sees to it that the tenant has this endpoint under this external id: creates it, or replaces the
    /// one that has the id. Idempotent: what is there already as it is wanted is left alone, version
    /// and all. Two at once make one endpoint.
    /// </summary>
    public async ValueTask<EndpointResult> PutAsync(
        TenantId tenant,
        string externalId,
        EndpointReplacement wanted,
        CancellationToken cancellationToken
    )
    {
        var draft = wanted.Draft with
        {
            ExternalId = externalId,
            Disabled = wanted.Disabled ?? false,
            Operational = wanted.Operational ?? false,
        };
        while (true)
        {
            var snapshot = await store.LoadAsync(tenant, cancellationToken);
            if (snapshot is null || snapshot.Tenant.DeletedAt is not null)
            {
                return new EndpointResult.NotFound();
            }

            var there = snapshot.Endpoints.FirstOrDefault(each => each.ExternalId == externalId);
            var result = there is null
                ? await CreateAsync(tenant, draft, cancellationToken)
                : await ReplaceAsync(there.Key, wanted, cancellationToken);

            // Else another has made one, or deleted the one there was, since it was looked for.
            if (result is EndpointResult.Done done)
            {
                return done with { IsNew = there is null };
            }

            if (result is not (EndpointResult.ExternalIdInUse or EndpointResult.NotFound))
            {
                return result;
            }
        }
    }

    /// <summary>Replaces an endpoint, as <see cref="PutAsync"/> does where there is one.</summary>
    public async ValueTask<EndpointResult> ReplaceAsync(
        EndpointKey key,
        EndpointReplacement wanted,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await store.LoadAsync(key.TenantId, cancellationToken);
        var endpoint = snapshot?.Endpoints.FirstOrDefault(each => each.Key == key);
        if (endpoint is null || snapshot!.Tenant.DeletedAt is not null)
        {
            return new EndpointResult.NotFound();
        }

        var opened = await vault.OpenAsync(snapshot.Tenant.DataKey, endpoint, cancellationToken);
        if (wanted.Operational is { } operational && operational != endpoint.Operational)
        {
            return new EndpointResult.OperationalIsSet();
        }

        if (
            wanted.Draft.Secret is { } secret
            && opened.SecretsAt(time.GetUtcNow()).All(each => each.Value != secret.Value)
        )
        {
            return new EndpointResult.SecretIsSet();
        }

        return IsAlready(opened, wanted)
            ? new EndpointResult.Done(endpoint, opened.CurrentSecret)
            : await UpdateAsync(key, Patch(wanted), cancellationToken);
    }

    private static bool IsAlready(OpenedEndpoint opened, EndpointReplacement wanted)
    {
        var (endpoint, draft) = (opened.Endpoint, wanted.Draft);
        return endpoint
                == endpoint with
                {
                    Url = draft.Url,
                    Description = draft.Description,
                    EventTypes = draft.EventTypes,
                    Filter = draft.Filter,
                    RetrySchedule = draft.RetrySchedule,
                    Timeout = draft.Timeout,
                    RateLimitPerSecond = draft.RateLimitPerSecond,
                    MaxInFlight = draft.MaxInFlight,
                    Disabled = wanted.Disabled ?? endpoint.Disabled,
                }
            && AreSame(endpoint.Metadata, draft.Metadata)
            && AreSame(opened.Headers, draft.Headers);
    }

    private static EndpointPatch Patch(EndpointReplacement wanted)
    {
        var draft = wanted.Draft;
        return new EndpointPatch
        {
            Url = draft.Url,
            Description = draft.Description,
            Metadata = new(draft.Metadata),
            EventTypes = draft.EventTypes,
            Filter = draft.Filter,
            Headers = new(draft.Headers),
            RetrySchedule = draft.RetrySchedule,
            Timeout = draft.Timeout,
            RateLimitPerSecond = draft.RateLimitPerSecond,
            MaxInFlight = draft.MaxInFlight,
            Disabled = wanted.Disabled is { } disabled ? disabled : default(Optional<bool>),
        };
    }

    /// <summary>Whether two have the same members, in whatever order.</summary>
    private static bool AreSame(
        IReadOnlyCollection<KeyValuePair<string, string>> one,
        IReadOnlyCollection<KeyValuePair<string, string>> other
    ) => one.Count == other.Count && one.All(other.Contains);
}
