using WebhookDelivery.Core;

namespace WebhookDelivery.Hosting;

/// <summary>Sees to it that there is an operator key.</summary>
public sealed class OperatorKeys(ITenantStore store, TimeProvider time)
{
    /// <summary>What tells keys that came from configuration from those made here.</summary>
    private const string FromConfiguration = "from configuration";

    /// <summary>
    /// Stores the configured key, if there is one and it is new, and revokes those that an earlier
    /// configuration gave. Idempotent.
    /// </summary>
    /// <exception cref="StartException">The key is revoked.</exception>
    public async Task AcceptAsync(ApiKey? configured, CancellationToken cancellationToken)
    {
        foreach (var key in await store.ListApiKeysAsync(null, cancellationToken))
        {
            if (key.Description == FromConfiguration && key.Id != configured?.Id)
            {
                await RevokeAsync(key, cancellationToken);
            }
        }

        if (configured is null)
        {
            return;
        }

        var stored = await store.FindApiKeyAsync(configured.Id, cancellationToken);
        if (stored is null)
        {
            await store.SaveApiKeyAsync(
                configured with
                {
                    Description = FromConfiguration,
                },
                cancellationToken
            );
        }
        else if (stored.RevokedAt is not null)
        {
            throw new StartException(
                $"{HostSettings.Section}:AdminKey is a revoked key: `admin-key` or a later configuration replaced it. Configure the one that `admin-key` printed, or none."
            );
        }
    }

    /// <summary>
    /// Makes an operator key if none is live. Returns it, to be printed once; null if one is live.
    /// </summary>
    public async Task<string?> MakeFirstAsync(CancellationToken cancellationToken)
    {
        var known = await store.ListApiKeysAsync(null, cancellationToken);
        return known.Any(key => key.RevokedAt is null) ? null : await MakeAsync(cancellationToken);
    }

    /// <summary>Makes a new key and revokes all others. Returns it, to be printed once.</summary>
    public async Task<string> ReplaceAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await store.ListApiKeysAsync(null, cancellationToken))
        {
            await RevokeAsync(key, cancellationToken);
        }

        return await MakeAsync(cancellationToken);
    }

    private async Task RevokeAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.RevokedAt is null)
        {
            var revoked = key with { RevokedAt = time.GetUtcNow() };
            await store.SaveApiKeyAsync(revoked, cancellationToken);
        }
    }

    private async Task<string> MakeAsync(CancellationToken cancellationToken)
    {
        var (text, key) = ApiKeyToken.Create(
            ApiKeyRole.Operator,
            tenant: null,
            description: null,
            time.GetUtcNow()
        );
        await store.SaveApiKeyAsync(key, cancellationToken);
        return text;
    }
}
