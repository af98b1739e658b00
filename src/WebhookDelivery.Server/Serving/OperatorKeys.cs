using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>Sees to it that there is an operator key.</summary>
internal sealed class OperatorKeys(ITenantStore store, TimeProvider time)
{
    /// <summary>Stores the configured key, if there is one and it is new. Idempotent.</summary>
    /// <exception cref="StartException">The key is revoked.</exception>
    public async Task AcceptAsync(ApiKey? configured, CancellationToken cancellationToken)
    {
        if (configured is null)
        {
            return;
        }

        var stored = await store.FindApiKeyAsync(configured.Id, cancellationToken);
        if (stored is null)
        {
            await store.SaveApiKeyAsync(configured, cancellationToken);
        }
        else if (stored.RevokedAt is not null)
        {
            throw new StartException(
                $"{ServerSettings.Section}:AdminKey is a key that `admin-key` has revoked. Configure the one that it printed, or none."
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
            var revoked = key with { RevokedAt = key.RevokedAt ?? time.GetUtcNow() };
            await store.SaveApiKeyAsync(revoked, cancellationToken);
        }

        return await MakeAsync(cancellationToken);
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
