using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// Seals and opens what an endpoint keeps secret: signing secrets and header values. Each is bound
/// to its tenant, endpoint, purpose and version, so that none can stand in for another.
/// </summary>
/// <param name="protector">Encrypts under the tenant's data key.</param>
public sealed class EndpointVault(ISecretProtector protector)
{
    /// <summary>Seals a signing secret.</summary>
    /// <param name="dataKey">The tenant's.</param>
    /// <param name="endpoint">Whose secret it is.</param>
    /// <param name="version">The secret's own version, from 1.</param>
    /// <param name="secret">What to seal.</param>
    /// <param name="cancellationToken">Ends waiting for a key service.</param>
    public ValueTask<SealedValue> SealSecretAsync(
        TenantDataKey dataKey,
        EndpointKey endpoint,
        int version,
        SigningSecret secret,
        CancellationToken cancellationToken
    ) => SealAsync(dataKey, endpoint, "secret", version, secret.Value, cancellationToken);

    /// <summary>Seals a custom header's value.</summary>
    /// <param name="dataKey">The tenant's.</param>
    /// <param name="endpoint">Whose header it is.</param>
    /// <param name="version">The endpoint's version that sets it.</param>
    /// <param name="name">The header's name.</param>
    /// <param name="value">What to seal.</param>
    /// <param name="cancellationToken">Ends waiting for a key service.</param>
    public async ValueTask<SealedHeader> SealHeaderAsync(
        TenantDataKey dataKey,
        EndpointKey endpoint,
        int version,
        string name,
        string value,
        CancellationToken cancellationToken
    ) =>
        new(
            name,
            await SealAsync(
                dataKey,
                endpoint,
                HeaderPurpose(name),
                version,
                value,
                cancellationToken
            )
        );

    /// <summary>Opens an endpoint's secrets and headers, ready to sign and send.</summary>
    public async ValueTask<OpenedEndpoint> OpenAsync(
        TenantDataKey dataKey,
        Endpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        var secrets = new LiveSecret[endpoint.Secrets.Count];
        for (var i = 0; i < secrets.Length; i++)
        {
            var stored = endpoint.Secrets[i];
            var text = await OpenAsync(
                dataKey,
                endpoint.Key,
                "secret",
                stored.Value,
                cancellationToken
            );
            secrets[i] = SigningSecret.TryParse(text, out var secret)
                ? new LiveSecret(secret, stored.ExpiresAt) { Retired = stored.Retired }
                : throw new InvalidDataException("A stored signing secret is not one.");
        }

        var headers = new KeyValuePair<string, string>[endpoint.Headers.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            var (name, value) = endpoint.Headers[i];
            headers[i] = new(
                name,
                await OpenAsync(
                    dataKey,
                    endpoint.Key,
                    HeaderPurpose(name),
                    value,
                    cancellationToken
                )
            );
        }

        return new OpenedEndpoint(endpoint, secrets, headers);
    }

    private async ValueTask<SealedValue> SealAsync(
        TenantDataKey dataKey,
        EndpointKey endpoint,
        string purpose,
        int version,
        string value,
        CancellationToken cancellationToken
    ) =>
        new(
            version,
            await protector.ProtectAsync(
                dataKey,
                Encoding.UTF8.GetBytes(value),
                Context(endpoint, purpose, version),
                cancellationToken
            )
        );

    private async ValueTask<string> OpenAsync(
        TenantDataKey dataKey,
        EndpointKey endpoint,
        string purpose,
        SealedValue value,
        CancellationToken cancellationToken
    )
    {
        var plaintext = await protector.UnprotectAsync(
            dataKey,
            value.Bytes,
            Context(endpoint, purpose, value.Version),
            cancellationToken
        );
        return Encoding.UTF8.GetString(plaintext.Span);
    }

    private static string HeaderPurpose(string name) => "header:" + name.ToLowerInvariant();

    private static string Context(EndpointKey endpoint, string purpose, int version) =>
        $"{endpoint.TenantId}\n{endpoint.EndpointId}\n{purpose}\n{version}";
}
