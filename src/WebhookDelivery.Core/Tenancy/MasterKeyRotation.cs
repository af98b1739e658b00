namespace WebhookDelivery.Core;

/// <summary>
/// Wraps the tenants' data keys under the current master key. Secrets are not touched: they are sealed
/// under the data keys, which stay what they are. Whatever it leaves undone when it is cut off, it does
/// when it runs again; until then both keys are needed.
/// </summary>
/// <param name="store">Whose tenants.</param>
/// <param name="keys">The current master key and the previous ones.</param>
public sealed class MasterKeyRotation(ITenantStore store, MasterKeySecretProtector keys)
{
    private const int PageSize = 1000;

    /// <summary>
    /// Rounds until others' changes are given up on: each fails only where every tenant left was changed
    /// in the moment between being read and being written.
    /// </summary>
    private const int RoundsMax = 10;

    /// <summary>
    /// Opens every data key, wraps anew those that a previous master key wraps, and checks what is stored
    /// then. Tenants that are being erased take part, but nothing is held against them.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It could not be finished; run it again.</exception>
    public async Task<MasterKeyRotationResult> RunAsync(CancellationToken cancellationToken)
    {
        var replaced = 0;
        for (var round = 0; round < RoundsMax; round++)
        {
            var found = await ReadAsync(cancellationToken);
            if (found.Unopened.Count > 0)
            {
                return new MasterKeyRotationResult.KeyMissing(found.Tenants, found.Unopened);
            }

            if (found.Replacements.Count == 0)
            {
                return new MasterKeyRotationResult.Done(found.Tenants, replaced);
            }

            replaced += await store.ReplaceDataKeysAsync(found.Replacements, cancellationToken);
        }

        throw new StoreUnavailableException(
            "The tenants change faster than their data keys can be wrapped anew. Run it again."
        );
    }

    private async Task<Found> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new Found();
        TenantId? after = null;
        while (true)
        {
            var page = await store.ListAsync(after, PageSize, cancellationToken);
            foreach (var listed in page)
            {
                await JudgeAsync(listed, found, cancellationToken);
            }

            if (page.Count == 0)
            {
                return found;
            }

            after = page[^1].Id;
        }
    }

    private async Task JudgeAsync(Tenant listed, Found found, CancellationToken cancellationToken)
    {
        found.Tenants++;
        if (keys.Match(listed.DataKey) == MasterKeyMatch.Current)
        {
            return;
        }

        // A list may be a moment behind; what is loaded is not.
        if (await store.LoadAsync(listed.Id, cancellationToken) is not { Tenant: var tenant })
        {
            found.Tenants--;
            return;
        }

        switch (keys.Match(tenant.DataKey))
        {
            case MasterKeyMatch.Previous:
                found.Replacements.Add(new(tenant.DataKey, keys.Rewrap(tenant.DataKey)));
                break;
            case MasterKeyMatch.None when tenant.DeletedAt is null:
                found.Unopened.Add(tenant.Id);
                break;
        }
    }

    private sealed class Found
    {
        public int Tenants { get; set; }

        public List<DataKeyReplacement> Replacements { get; } = [];

        public List<TenantId> Unopened { get; } = [];
    }
}
