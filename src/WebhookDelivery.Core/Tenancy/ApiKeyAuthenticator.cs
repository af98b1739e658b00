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
        if (
            key is null
            || key.Role != role
            || key.RevokedAt is not null
            || !ApiKeyToken.Matches(text, key)
        )
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
