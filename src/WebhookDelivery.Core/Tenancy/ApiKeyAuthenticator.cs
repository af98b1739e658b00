namespace WebhookDelivery.Core;

/// <summary>Says whose a key is. Thread-safe.</summary>
public sealed class ApiKeyAuthenticator(TenantDirectory directory)
{
    /// <summary>
    /// The stored key that this text is; null if it is malformed, unknown, wrong, revoked, or its
    /// tenant is deleted: the caller cannot tell which. Form and checksum are tested before any I/O.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The key could not be looked up.</exception>
    public async ValueTask<ApiKey?> AuthenticateAsync(
        string? text,
        CancellationToken cancellationToken
    )
    {
        if (!ApiKeyToken.TryReadId(text, out var id, out var role))
        {
            return null;
        }

        var key = await directory.FindApiKeyAsync(id, cancellationToken);
        return key is not null && key.Role == role && ApiKeyToken.Matches(text, key)
            ? await CheckAsync(key, cancellationToken)
            : null;
    }

    /// <summary>
    /// The key as it is stored now, for a text that was found to be <paramref name="known"/> before;
    /// null as above. It spares the comparison of the text, and nothing else.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The key could not be looked up.</exception>
    public async ValueTask<ApiKey?> AuthenticateAgainAsync(
        ApiKey known,
        CancellationToken cancellationToken
    )
    {
        var key = await directory.FindApiKeyAsync(known.Id, cancellationToken);
        return
            key is not null
            && key.Role == known.Role
            && key.Hash.Span.SequenceEqual(known.Hash.Span)
            ? await CheckAsync(key, cancellationToken)
            : null;
    }

    private async ValueTask<ApiKey?> CheckAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.RevokedAt is not null)
        {
            return null;
        }

        if (key.TenantId is not { } tenant)
        {
            return key;
        }

        // A key older than its tenant belongs to an erased one that had the same id.
        var view = await directory.FindAsync(tenant, cancellationToken);
        return view is not null && view.Tenant.CreatedAt <= key.CreatedAt ? key : null;
    }
}
