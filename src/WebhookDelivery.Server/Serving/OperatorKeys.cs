using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>Sees to it that there is an operator key.</summary>
internal sealed class OperatorKeys(ITenantStore store, TimeProvider time)
{
    /// <summary>
    /// Stores the configured key, or, where none is configured or stored, makes one.
    /// Returns a key that was made now, to be printed once; null otherwise.
    /// </summary>
    public async Task<string?> EnsureAsync(ApiKey? configured, CancellationToken cancellationToken)
    {
        if (configured is not null)
        {
            if (await store.FindApiKeyAsync(configured.Id, cancellationToken) is null)
            {
                await store.SaveApiKeyAsync(configured, cancellationToken);
            }

            return null;
        }

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
