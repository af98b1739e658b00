namespace WebhookDelivery.Core;

/// <summary>
/// Port: encrypts and decrypts under a tenant's data key, which is itself kept only wrapped (by the
/// master key on the embedded engine, by KMS on AWS). Thread-safe; stores nothing.
/// </summary>
public interface ISecretProtector
{
    /// <summary>Makes a new data key and returns it wrapped, to be stored with the tenant.</summary>
    ValueTask<ReadOnlyMemory<byte>> CreateDataKeyAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    );

    /// <summary>Encrypts. The same input gives another output each time.</summary>
    /// <param name="key">The tenant's wrapped data key.</param>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associatedData">Must be given again, identical, to decrypt.</param>
    /// <param name="cancellationToken">Ends waiting for a key service.</param>
    ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> plaintext,
        string associatedData,
        CancellationToken cancellationToken
    );

    /// <summary>Decrypts.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// Another key, other associated data, or changed bytes.
    /// </exception>
    ValueTask<ReadOnlyMemory<byte>> UnprotectAsync(
        TenantDataKey key,
        ReadOnlyMemory<byte> ciphertext,
        string associatedData,
        CancellationToken cancellationToken
    );
}
