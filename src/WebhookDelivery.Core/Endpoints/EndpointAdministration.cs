using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// Creates, changes and deletes endpoints. Thread-safe: two changes of one endpoint at once are made
/// one after the other, each on top of what the other left.
/// </summary>
public sealed partial class EndpointAdministration(
    ITenantStore store,
    TenantDirectory directory,
    EndpointVault vault,
    IIdSource ids,
    TimeProvider time,
    EndpointOptions options,
    BacklogSignal backlog
) : IDisposable
{
    /// <summary>One creation at a time, so that two cannot both take a tenant's last place.</summary>
    private readonly SemaphoreSlim _creating = new(1);

    /// <inheritdoc/>
    public void Dispose() => _creating.Dispose();

    /// <summary>
    /// Changes an endpoint. Enabling it also resumes what was parked, and lets it be healthy until
    /// attempts say otherwise.
    /// </summary>
    public ValueTask<EndpointResult> UpdateAsync(
        EndpointKey key,
        EndpointPatch patch,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            key,
            async (tenant, endpoint, now) =>
            {
                var version = endpoint.Version + 1;
                var disabled = patch.Disabled.Or(endpoint.Disabled);
                var enabling = endpoint.Disabled && !disabled;
                if (enabling && endpoint.FailingSince is { } since)
                {
                    // First: dying in between leaves a disabled endpoint, of which nobody asks that.
                    await store.SetFailingSinceAsync(key, since, null, cancellationToken);
                }

                return endpoint with
                {
                    Url = patch.Url.Or(endpoint.Url),
                    Description = patch.Description.Or(endpoint.Description),
                    Metadata = patch.Metadata.Or(endpoint.Metadata),
                    EventTypes = patch.EventTypes.Or(endpoint.EventTypes),
                    Filter = patch.Filter.Or(endpoint.Filter),
                    Headers = patch.Headers.IsGiven
                        ? await SealAsync(
                            tenant.DataKey,
                            key,
                            version,
                            patch.Headers.Value!,
                            cancellationToken
                        )
                        : endpoint.Headers,
                    RetrySchedule = patch.RetrySchedule.Or(endpoint.RetrySchedule),
                    Timeout = patch.Timeout.Or(endpoint.Timeout),
                    RateLimitPerSecond = patch.RateLimitPerSecond.Or(endpoint.RateLimitPerSecond),
                    MaxInFlight = patch.MaxInFlight.Or(endpoint.MaxInFlight),
                    Disabled = disabled,
                    DisabledReason = enabling ? null : endpoint.DisabledReason,
                    DisabledAt = DisabledAt(endpoint, disabled, now),
                    FailingSince = enabling ? null : endpoint.FailingSince,
                    BacklogAction = enabling ? BacklogAction.Resume : endpoint.BacklogAction,
                };
            },
            cancellationToken
        );

    /// <summary>
    /// Gives an endpoint a new secret, generated unless given; older ones sign too for at
    /// most <paramref name="overlap"/>, and stop at once where that is zero. The last few that stopped
    /// are kept to recognise their signatures by, unless all are to be forgotten.
    /// </summary>
    /// <param name="key">Which endpoint.</param>
    /// <param name="secret">The new secret; null to have one generated.</param>
    /// <param name="overlap">How long older ones sign too.</param>
    /// <param name="forgetOld">Whether to drop every older secret now, also those that would still sign.</param>
    /// <param name="cancellationToken">Ends waiting for the store.</param>
    public async ValueTask<EndpointResult> RotateSecretAsync(
        EndpointKey key,
        SigningSecret? secret,
        TimeSpan overlap,
        bool forgetOld,
        CancellationToken cancellationToken
    )
    {
        var tooMany = false;
        var result = await ChangeAsync(
            key,
            async (tenant, endpoint, now) =>
            {
                var end = now + overlap;
                EndpointSecret[] old = forgetOld
                    ? []
                    :
                    [
                        .. endpoint.Secrets.Select(each =>
                            each.ExpiresAt < end ? each : each with { ExpiresAt = end }
                        ),
                    ];
                tooMany = old.Count(each => each.SignsAt(now)) >= options.LiveSecretsMax;
                if (tooMany)
                {
                    return null;
                }

                var version = endpoint.Secrets.Max(each => each.Value.Version) + 1;
                var value = await vault.SealSecretAsync(
                    tenant.DataKey,
                    key,
                    version,
                    secret ?? SigningSecret.Generate(),
                    cancellationToken
                );
                return endpoint with { Secrets = [new EndpointSecret(value, null), .. old] };
            },
            cancellationToken
        );
        return tooMany ? new EndpointResult.TooManySecrets(options.LiveSecretsMax) : result;
    }

    /// <summary>
    /// Drops every secret but the current one: those that still signed sign no more, and nothing is
    /// kept of those that had expired. Changes nothing if there is only the current one.
    /// </summary>
    public ValueTask<EndpointResult> ForgetOldSecretsAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            key,
            (tenant, endpoint, now) =>
                new(
                    endpoint.Secrets.Count == 1
                        ? null
                        : endpoint with
                        {
                            Secrets = [endpoint.Secrets[0]],
                        }
                ),
            cancellationToken
        );

    /// <summary>Deletes an endpoint; its open and parked deliveries are cancelled in the background.</summary>
    public ValueTask<EndpointResult> DeleteAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            key,
            (tenant, endpoint, now) =>
                new(endpoint with { DeletedAt = now, BacklogAction = BacklogAction.Cancel }),
            cancellationToken
        );

    /// <summary>
    /// Disables an endpoint for a reason of the platform's own, such as 410, unless its URL has changed
    /// since: what an old host said is nothing against the new one. For <see cref="ReasonCode.Failing"/>
    /// only while it fails since when it did then. Owes its tenant an announcement.
    /// </summary>
    /// <param name="attempted">The endpoint as it was attempted.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends waiting for the store.</param>
    public ValueTask<EndpointResult> DisableAsync(
        Endpoint attempted,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            attempted.Key,
            async (tenant, endpoint, now) =>
                endpoint.Disabled
                || endpoint.Url != attempted.Url
                || (reason == ReasonCode.Failing && endpoint.FailingSince != attempted.FailingSince)
                    ? null
                    : endpoint with
                    {
                        Disabled = true,
                        DisabledReason = reason,
                        DisabledAt = now,
                        BacklogAction =
                            endpoint.BacklogAction
                            | await AnnouncementAsync(endpoint, cancellationToken),
                    },
            cancellationToken
        );

    /// <summary>Says that so much of what is owed to this version is done, unless a newer one came since.</summary>
    public async ValueTask ClearBacklogActionAsync(
        Endpoint endpoint,
        BacklogAction done,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await store.ReplaceBacklogActionAsync(
                endpoint.Key,
                endpoint.Version,
                endpoint.BacklogAction,
                endpoint.BacklogAction & ~done,
                cancellationToken
            );
        }
        finally
        {
            directory.Forget(endpoint.Key.TenantId);
        }
    }

    /// <summary>Nothing where nobody could be told: an operational endpoint is no news either.</summary>
    private async ValueTask<BacklogAction> AnnouncementAsync(
        Endpoint endpoint,
        CancellationToken cancellationToken
    ) =>
        !endpoint.Operational
        && await directory.FindAsync(endpoint.Key.TenantId, cancellationToken)
            is { HasOperational: true }
            ? BacklogAction.Announce
            : BacklogAction.None;

    private static DateTimeOffset? DisabledAt(
        Endpoint endpoint,
        bool disabled,
        DateTimeOffset now
    ) =>
        disabled switch
        {
            false => null,
            true when endpoint.Disabled => endpoint.DisabledAt,
            true => now,
        };

    /// <summary>A change that returns null leaves the endpoint as it is.</summary>
    private async ValueTask<EndpointResult> ChangeAsync(
        EndpointKey key,
        Func<Tenant, Endpoint, DateTimeOffset, ValueTask<Endpoint?>> change,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var snapshot = await store.LoadAsync(key.TenantId, cancellationToken);
            var endpoint = snapshot?.Endpoints.FirstOrDefault(each => each.Key == key);
            if (endpoint is null || snapshot!.Tenant.DeletedAt is not null)
            {
                return new EndpointResult.NotFound();
            }

            var now = time.GetUtcNow();
            var changed = await change(snapshot.Tenant, endpoint, now);
            if (changed is not null)
            {
                changed = changed with
                {
                    Version = endpoint.Version + 1,
                    UpdatedAt = now,
                    Secrets = OldSecrets.Keep(changed.Secrets, now, options),
                };
                if (!await SaveAsync(changed, cancellationToken))
                {
                    continue;
                }

                if (changed.BacklogAction != BacklogAction.None)
                {
                    backlog.Raise();
                }
            }

            var current = changed ?? endpoint;
            var opened = await vault.OpenAsync(snapshot.Tenant.DataKey, current, cancellationToken);
            return new EndpointResult.Done(current, opened.CurrentSecret);
        }
    }

    /// <summary>
    /// Stores an endpoint. One that was stored although the call failed must not be remembered as it
    /// was before, least of all where nothing is ever read again.
    /// </summary>
    private async ValueTask<bool> SaveAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await store.SaveEndpointAsync(endpoint, cancellationToken);
        }
        finally
        {
            directory.Forget(endpoint.Key.TenantId);
        }
    }

    private async ValueTask<IReadOnlyList<SealedHeader>> SealAsync(
        TenantDataKey dataKey,
        EndpointKey key,
        int version,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var result = new SealedHeader[headers.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var (name, value) = headers[i];
            result[i] = await vault.SealHeaderAsync(
                dataKey,
                key,
                version,
                name,
                value,
                cancellationToken
            );
        }

        return result;
    }
}
