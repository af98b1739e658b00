using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Hosting;

/// <summary>Sees to it that there is an operator key.</summary>
public sealed class OperatorKeys(
    ITenantStore store,
    HostSettings settings,
    TimeProvider time,
    ILogger<OperatorKeys> logger
)
{
    /// <summary>What tells keys that came from configuration from those made here.</summary>
    private const string FromConfiguration = "from configuration";

    /// <summary>
    /// Stores the configured key, if there is one and it is new, and revokes those that an earlier
    /// configuration gave. Idempotent.
    /// </summary>
    /// <remarks>
    /// A data directory has one process, and its configuration is the only one: what it does not name
    /// is revoked. On AWS many processes share the tables, and while a new key is rolled out some of
    /// them still start with the old one. So there the newest key wins, by
    /// <see cref="ApiKey.CreatedAt"/>, whichever process comes first or last; one that comes with an
    /// older key serves without it; and no key at all revokes nothing.
    /// </remarks>
    /// <exception cref="StartException">
    /// The key is revoked; not on AWS, where that is logged instead.
    /// </exception>
    public Task AcceptAsync(ApiKey? configured, CancellationToken cancellationToken)
    {
        if (settings.Storage == StorageEngine.Sqlite)
        {
            return AcceptOnlyAsync(configured, cancellationToken);
        }

        return configured is null
            ? Task.CompletedTask
            : AcceptNewestAsync(configured, cancellationToken);
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

    private async Task AcceptOnlyAsync(ApiKey? configured, CancellationToken cancellationToken)
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

        var stored = await FindOrSaveAsync(configured, cancellationToken);
        if (stored.RevokedAt is not null)
        {
            throw new StartException(
                $"{HostSettings.Section}:AdminKey is a revoked key: `admin-key` or a later configuration replaced it. Configure the one that `admin-key` printed, or none."
            );
        }
    }

    /// <summary>
    /// Every process does this at its start, and all come to the same newest key: so it does not matter
    /// that two may do it at once, or that a list may be a moment old. It is read after the key is
    /// stored, as whoever stored a newer one meanwhile may not have seen this one.
    /// </summary>
    private async Task AcceptNewestAsync(ApiKey configured, CancellationToken cancellationToken)
    {
        var stored = await FindOrSaveAsync(configured, cancellationToken);
        var listed = await store.ListApiKeysAsync(null, cancellationToken);
        var others = listed
            .Where(key => key.Description == FromConfiguration && key.Id != stored.Id)
            .ToList();
        var newest = others.Append(stored).MaxBy(key => (key.CreatedAt, key.Id))!;
        var replaced = stored.Description == FromConfiguration ? others.Append(stored) : others;
        foreach (var key in replaced.Where(key => key.Id != newest.Id && key.RevokedAt is null))
        {
            await RevokeAsync(key, cancellationToken);
            OperatorKeyLog.Replaced(logger, key.Id, newest.Id);
        }

        if (stored.RevokedAt is not null || newest.Id != stored.Id)
        {
            OperatorKeyLog.Superseded(logger, stored.Id);
        }
    }

    private async Task<ApiKey> FindOrSaveAsync(
        ApiKey configured,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindApiKeyAsync(configured.Id, cancellationToken) is { } stored)
        {
            return stored;
        }

        var added = configured with { Description = FromConfiguration };
        await store.SaveApiKeyAsync(added, cancellationToken);
        return added;
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
